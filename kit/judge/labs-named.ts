import { type CatalogEntry, catalog, findLab } from '../../src/catalog.ts';

/**
 * The labs that an option such as `--labs` or `--include` names, in the order of the catalogue; all of them where it names none.
 *
 * @throws Error for a part that is no lab and no range of labs.
 * @example labsNamed('01-03,05').map(({ id }) => id.slice(0, 2)) // ['01', '02', '03', '05']
 */
export function labsNamed(asked?: string): CatalogEntry[] {
  if (asked === undefined) return [...catalog];
  const wanted = new Set<string>();
  for (const part of asked.split(',').map((text) => text.trim())) {
    const range = /^(\d{1,2})-(\d{1,2})$/.exec(part);
    const [first, last] = range ? [findLab(range[1]!).id, findLab(range[2]!).id] : [part, part];
    if (!range) wanted.add(findLab(part).id);
    else if (first > last) throw new Error(`${part} runs backwards: write ${range[2]}-${range[1]}.`);
    else for (const { id } of catalog) if (id >= first && id <= last) wanted.add(id);
  }
  return catalog.filter(({ id }) => wanted.has(id));
}
