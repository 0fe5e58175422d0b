import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../base/root.ts';
import { writeWhole } from '../base/write-whole.ts';
import { functionsIn } from '../judge/stub-functions.ts';
import type { Submission } from '../judge/submission.ts';

/** A submission whose functions are all there, as in the stub, and do nothing: who hands in that has earned nothing. */
export async function doNothing(lab: string, stub: Submission): Promise<Submission> {
  const path = join(rootFolder(), '.lab', 'nothing');
  const functions = functionsIn(await readFile(join(stub.path, `${lab}.ts`), 'utf8'));
  await mkdir(path, { recursive: true });
  await writeWhole(
    join(path, `${lab}.ts`),
    functions.map((name) => `export async function ${name}(): Promise<void> {}\n`).join(''),
  );
  return { name: 'nothing', path };
}
