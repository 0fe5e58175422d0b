import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Import, importsOf } from '../../../kit/base/imports-of.ts';

/** Every TypeScript file below these folders of the checkout, by its path from `root`. */
export function filesBelow(root: string, folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .sort(),
  );
}

/**
 * The files of ours that these files import.
 *
 * @example importsBetween(root, ['kit/cli.ts']) // [{ from: 'kit/cli.ts', to: 'kit/base/root.ts', types: false }]
 */
export function importsBetween(root: string, files: readonly string[]): Import[] {
  return files
    .flatMap((path) => importsOf({ path, text: readFileSync(join(root, path), 'utf8') }))
    .filter(({ to }) => existsSync(join(root, to)));
}

/**
 * Circles of imports: each as the files that it goes through, from the first in the alphabet back to it. Imports of
 * types count, as two files that name each other's types cannot be read one after the other either.
 */
export function circlesOf(imports: readonly Import[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  const circles = new Map<string, string[]>();
  const done = new Set<string>();
  const visit = (file: string, path: string[]) => {
    const at = path.indexOf(file);
    if (at >= 0) {
      const circle = path.slice(at);
      circles.set([...circle].sort().join(), [...circle, file]);
      return;
    }
    if (done.has(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of [...targets.keys()].sort()) visit(file, []);
  return [...circles.values()];
}
