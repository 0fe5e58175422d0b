import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rootFolder } from '../../base/root.ts';
import type { KeptSolution } from '../teachers-proofs.ts';

/**
 * The solutions of a lab in `test/wrong` or `test/right`. A wrong one says in its first line which checks it fails,
 * the one that is meant for it first: `// fails: 01.sync.many`.
 *
 * @throws Error for a wrong solution that does not say so.
 */
export function keptSolutions(kind: 'wrong' | 'right', lab: string): KeptSolution[] {
  const folder = join(rootFolder(), 'test', kind, lab);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((file) => {
      const path = join(folder, file);
      const fails = /^\/\/ fails: (\S.*)/.exec(readFileSync(path, 'utf8'))?.[1]?.trim().split(/[ ,]+/) ?? [];
      if (kind === 'wrong' && fails.length === 0)
        throw new Error(`${path} must begin with "// fails: <check id>".`);
      return { lab, name: basename(file, '.ts'), path, fails };
    });
}
