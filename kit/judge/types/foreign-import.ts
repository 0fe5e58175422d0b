const specifier =
  /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"`])((?:\\.|(?!\1).)*)\1|\/\/\/\s*<[^>]*?\b(?:path|types|lib)\s*=\s*(['"])(.*?)\3/g;
/** What a stub imports of the kit: types alone. */
const ours = /^\.\.\/src\/(?:contracts|lab|cache|worlds)\/[\w-]+\.ts$/;

/**
 * The first path that a lab file names by which a compiler would read a file that a lab has no business with: another
 * folder's, or one by its absolute path. Undefined where there is none. It looks at the text alone, so a comment or a
 * string that looks like an import counts too.
 *
 * @example foreignImport("import type { A } from '../../ada/labs/03-hset-mapping.ts';") // '../../ada/labs/03-hset-mapping.ts'
 */
export function foreignImport(source: string): string | undefined {
  for (const [, , imported, , referred] of source.matchAll(specifier)) {
    const path = imported ?? referred ?? '';
    const elsewhere = /^(?:\.|\/|[a-z]:|file:)|\\/i.test(path) || path.split('/').includes('..');
    if (elsewhere && !ours.test(path)) return path;
  }
  return undefined;
}
