import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rootFolder } from '../../base/root.ts';
import type { KeptSolution } from '../kept-solution.ts';
import { writeEdited } from './write-edited.ts';
import type { WrongSolutions } from './wrong-solutions.ts';

/**
 * The solutions of a lab that are kept in `test/right` or `test/wrong`, by name. A right one is a file of its own.
 * A wrong one is an entry in `test/wrong/<lab>.ts`, written out to `.lab/wrong`, or, where it has little in common with
 * a right one, a file in `test/wrong/<lab>/` that begins with the checks which it fails: `// fails: 06.load.once`.
 *
 * @throws Error for a wrong solution that does not say which checks it fails, for two of one name, and for an edit that
 * does not fit.
 * @example (await keptSolutions('wrong', '01-initial-sync'))[0]!.name // 'always-one'
 */
export async function keptSolutions(kind: 'wrong' | 'right', lab: string): Promise<KeptSolution[]> {
  const files = inFiles(kind, lab);
  const edited = kind === 'wrong' ? await asEdits(lab) : [];
  const twice = files.find(({ name }) => edited.some((other) => other.name === name));
  if (twice)
    throw new Error(`${twice.source}: test/wrong/${lab}.ts has a solution of this name too. Rename one.`);
  return [...files, ...edited].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function inFiles(kind: 'wrong' | 'right', lab: string): KeptSolution[] {
  const folder = join(rootFolder(), 'test', kind, lab);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((file) => {
      const path = join(folder, file);
      const fails = /^\/\/ fails: (\S.*)/.exec(readFileSync(path, 'utf8'))?.[1]?.trim().split(/[ ,]+/) ?? [];
      if (kind === 'wrong' && fails.length === 0)
        throw new Error(`${path} must begin with "// fails: <check id>".`);
      return { lab, name: basename(file, '.ts'), path, source: `test/${kind}/${lab}/${file}`, fails };
    });
}

async function asEdits(lab: string): Promise<KeptSolution[]> {
  const file = join(rootFolder(), 'test', 'wrong', `${lab}.ts`);
  if (!existsSync(file)) return [];
  const { wrong } = (await import(pathToFileURL(file).href)) as { wrong: WrongSolutions };
  return writeEdited(lab, wrong);
}
