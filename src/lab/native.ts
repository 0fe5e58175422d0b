import { createRequire } from 'node:module';
import { join } from 'node:path';
import { rootFolder } from '../../kit/base/root.ts';

/**
 * Loads a file of `src` by Node itself, also in a notebook, whose kernel would otherwise compile it and type-check
 * all that it imports: testcontainers' types alone take longer than a cell may. For parts that no student edits; the
 * caller names the part of the exports that it uses.
 *
 * @example const { openSession } = native<Sessions>('lab/connect.ts');
 */
export function native<Exports>(file: string): Exports {
  const root = rootFolder();
  return createRequire(join(root, 'package.json'))(join(root, 'src', file)) as Exports;
}
