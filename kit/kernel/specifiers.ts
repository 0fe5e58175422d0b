import { existsSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve, sep } from 'node:path';

const SOURCE = /\.([cm]?[jt]sx?|json)$/;
const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'];

/**
 * The file below `root` that an import means, or undefined where it means an installed or a built-in package.
 *
 * `./a.ts`, `./a`, `./a.js` for `a.ts`, `./a.b` for `a.b.ts`, and a folder for its `index.ts`.
 */
export function localFile(specifier: string, folder: string, root: string): string | undefined {
  if (!/^\.{1,2}(\/|$)/.test(specifier) && !isAbsolute(specifier)) return undefined;
  const path = resolve(folder, specifier);
  if (!path.startsWith(root + sep) || path.includes(`${sep}node_modules${sep}`)) return undefined;
  const asTypeScript = path.replace(/\.([cm]?)jsx?$/, '.$1ts');
  const candidates = [
    ...(SOURCE.test(path) ? [path] : []),
    ...(asTypeScript === path ? [] : [asTypeScript]),
    ...ENDINGS.map((ending) => path + ending),
    ...ENDINGS.map((ending) => join(path, `index${ending}`)),
  ];
  return candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
}
