import { dirname, join, normalize } from 'node:path';

/** One import of a file of ours by another. Paths are from the root folder. */
export interface Import {
  /** `kit/judge/environment.ts` */
  from: string;
  /** `src/worlds/index.ts` */
  to: string;
  /** It takes types alone, and so is gone when the program runs. */
  types: boolean;
}

const statement = /^(?:import|export)\s+(type\s+)?[^;'"]*?from\s+'(\.[^'\n]+)'|^import\s+'(\.[^'\n]+)'/gm;
const call = /\bimport\(\s*'(\.[^'\n]+)'/g;

/**
 * What a TypeScript file imports by a relative path: by a statement, by `export … from`, or by a call of `import`. Other
 * files import nothing. It reads the text alone, so what it finds need not exist.
 *
 * @example importsOf({ path: 'kit/cli.ts', text: "import { a } from './base/root.ts';" })
 * // [{ from: 'kit/cli.ts', to: 'kit/base/root.ts', types: false }]
 */
export function importsOf({ path: from, text }: { path: string; text: string }): Import[] {
  if (!from.endsWith('.ts')) return [];
  const target = (path: string) => normalize(join(dirname(from), path));
  const found = [
    ...[...text.matchAll(statement)].map(([, types, path, bare]) => ({
      from,
      to: target((path ?? bare)!),
      types: types !== undefined,
    })),
    ...[...text.matchAll(call)].map(([, path]) => ({ from, to: target(path!), types: false })),
  ];
  return found.filter(({ to }) => to.endsWith('.ts'));
}
