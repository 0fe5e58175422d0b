import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../base/root.ts';
import { writeWhole } from '../base/write-whole.ts';
import { functionsOf } from '../judge/stub-functions.ts';
import type { Submission } from '../judge/submission.ts';

/** A submission whose functions are all there and do nothing: who hands in that has earned nothing. */
export async function doNothing(lab: string): Promise<Submission> {
  const path = join(rootFolder(), '.lab', 'nothing');
  const functions = await functionsOf(lab);
  await mkdir(path, { recursive: true });
  await writeWhole(
    join(path, `${lab}.ts`),
    functions.map((name) => `export async function ${name}(): Promise<void> {}\n`).join(''),
  );
  return { name: 'nothing', path };
}
