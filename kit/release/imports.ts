import { dirname, join, normalize } from 'node:path';
import type { NamedText } from './find-leaks.ts';

/**
 * The files of the kit that a TypeScript file imports, statically or by `import('./x.ts')`, from the root folder.
 *
 * @example importsOf({ path: 'kit/cli.ts', text: "import { a } from './root.ts';" }) // ['kit/base/root.ts']
 */
export function importsOf({ path, text }: NamedText): string[] {
  if (!path.endsWith('.ts')) return [];
  const found = [
    ...text.matchAll(/^(?:import|export|\}) [^'\n]*'(\.[^'\n]+\.ts)';$/gm),
    ...text.matchAll(/\bimport\(\s*'(\.[^'\n]+\.ts)'/g),
  ];
  return found.map(([, target]) => normalize(join(dirname(path), target!)));
}
