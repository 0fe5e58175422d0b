/**
 * The text of `src/catalog.ts` with the entries of these labs alone; comments and everything else stay as they are.
 * An entry is what stands between a line `  {` and a line `  },` of the array, as Biome formats it.
 */
export function studentsCatalog(text: string, labs: readonly string[]): string {
  const begin = text.indexOf('export const catalog');
  const end = text.indexOf('\n];', begin);
  const entries = text.slice(begin, end).replaceAll(/\n {2}\{\n(?: {4}.*\n)+ {2}\},/g, (entry) => {
    const id = /^ {4}id: '(.+)',$/m.exec(entry)?.[1];
    return id && !labs.includes(id) ? '' : entry;
  });
  return text.slice(0, begin) + entries + text.slice(end);
}
