import { createRequire } from 'node:module';
import { join } from 'node:path';

/** tslab's own TypeScript (5.0), the one that compiles cells. */
export const COMPILER = '@tslab/typescript-for-tslab';

/**
 * What tslab's modules call `require`. Its TypeScript is found this way alone: package-lock.json keeps it below tslab,
 * since both it and the project's own have a program `tsc`, and `npx tsc` shall be the project's.
 *
 * @example tslabRequire(rootFolder()).resolve('@tslab/typescript-for-tslab/lib/tsc.js')
 */
export function tslabRequire(root: string): NodeJS.Require {
  return createRequire(createRequire(join(root, 'package.json')).resolve('tslab/package.json'));
}
