import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../../base/root.ts';
import { writeWhole } from '../../base/write-whole.ts';
import { moduleOf } from '../../judge/extract-answers.ts';
import type { KeptSolution } from '../kept-solution.ts';
import { applyEdits } from './edits.ts';
import { checkEntries, type WrongSolutions } from './wrong-solutions.ts';

/**
 * Makes the edits of a lab's wrong solutions and writes each to a file of its own, as only a file can be judged:
 * `.lab/wrong/03-hset-mapping/any-integer.ts`. A file that holds the same already stays as it is.
 *
 * @param into the folder that holds a folder for each lab (default `.lab/wrong`)
 * @throws Error for an entry or an edit that is none, and for a base that is not there; nothing is written then.
 */
export async function writeEdited(
  lab: string,
  { base, solutions }: WrongSolutions,
  into = join(rootFolder(), '.lab', 'wrong'),
): Promise<KeptSolution[]> {
  const file = `test/wrong/${lab}.ts`;
  checkEntries(file, solutions);
  const right = await codeOf(base, file);
  const made = solutions.map(({ name, fails, why, edits }) => {
    const source = `${file}, ${name}`;
    const code = applyEdits(right, edits, { base, of: source });
    const text = `// fails: ${fails.join(' ')}\n// ${why}\n${code}`;
    return { solution: { lab, name, path: join(into, lab, `${name}.ts`), source, fails, why }, text };
  });
  await mkdir(join(into, lab), { recursive: true });
  await Promise.all(made.map(({ solution, text }) => writeChanged(solution.path, text)));
  return made.map(({ solution }) => solution);
}

/** The code of a right solution: of a worked answer its module, of a file all but the comment that it begins with. */
async function codeOf(base: string, of: string): Promise<string> {
  const text = await readFile(join(rootFolder(), base), 'utf8').catch(() => {
    throw new Error(`${of}: its base ${base} is not there. Name a worked answer or a right solution.`);
  });
  return base.endsWith('.md') ? moduleOf(text).trimStart() : text.replace(/^(\/\/.*\n)+/, '');
}

async function writeChanged(path: string, text: string): Promise<void> {
  const held = await readFile(path, 'utf8').catch(() => undefined);
  if (held !== text) await writeWhole(path, text);
}
