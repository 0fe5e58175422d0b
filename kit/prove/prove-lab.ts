import { findLab } from '../../src/catalog.ts';
import { studentsEdition } from '../base/edition.ts';
import { extractAnswer } from '../judge/extract-answers.ts';
import { checkLab } from './check-lab.ts';
import type { Claim } from './claim.ts';
import { type LabOptions, LabProof } from './lab-proof.ts';
import { isClean } from './notebook-file.ts';
import { proveFilesOf } from './prove-files.ts';
import { proveWritten } from './written.ts';

/**
 * Proves one lab, as it is saved: its files, what is still to write, types and style, its checks on the worked answer,
 * the stub, functions that do nothing, right and wrong solutions, and its notebook, solved and not. Tells each claim
 * as soon as it is known; what has changed since an earlier run comes first. It ends early where a file is missing, or
 * the answer holds no code: the rest needs them.
 */
export async function* proveLab(id: string, options: LabOptions): AsyncGenerator<Claim> {
  const { checksOnly, signal } = options;
  const files = proveFilesOf(id);
  yield* files;
  if (files.some(({ holds }) => !holds)) return;
  if (!checksOnly) {
    yield isClean(id);
    if (!studentsEdition()) yield* await proveWritten(findLab(id));
  }
  const fault = studentsEdition() ? undefined : await codeMissing(id);
  if (fault) yield { name: `answers/${id}.md scores full points`, holds: false, detail: fault };
  if (fault) return;
  const proof = await LabProof.of(findLab(id), options);
  if (!studentsEdition()) yield keptCanBeMade(id, proof.faults);
  yield* proof.judge(proof.changed);
  if (!checksOnly && !signal?.aborted) yield* await checkLab(id);
  if (proof.notebookChanged) yield* proof.execute();
  if (signal?.aborted) return;
  yield* proof.judge(proof.unchanged);
  yield* proof.compare();
  if (!proof.notebookChanged) yield* proof.execute();
}

/** That an edit of each wrong solution fits what it is made of, and says which checks it fails. */
const keptCanBeMade = (id: string, faults: readonly string[]): Claim => ({
  name: `the solutions kept for ${id} can be made`,
  holds: faults.length === 0,
  ...(faults.length > 0 ? { detail: faults.join('\n') } : {}),
});

/** Extracts the worked answer. @returns why that cannot be, or undefined. */
const codeMissing = (id: string): Promise<string | undefined> =>
  extractAnswer(id).then(
    () => undefined,
    ({ message }: Error) => message,
  );
