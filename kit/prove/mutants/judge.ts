import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../../base/root.ts';
import { writeWhole } from '../../base/write-whole.ts';
import { extractAnswer } from '../../judge/answers.ts';
import type { LabResult } from '../../judge/result.ts';
import { runChecks } from '../../judge/run-checks.ts';
import type { Servers } from '../../servers/servers.ts';
import { type Equivalent, equivalentsOf, isMeant } from './equivalents.ts';
import { type Mutant, mutantsOf } from './make.ts';

/** What became of the mutants of a lab. */
export interface Mutated {
  lab: string;
  /** How many were made, those that are listed as equivalent included. */
  made: number;
  /** How many a check failed. */
  killed: number;
  /** Passed every check, and are not listed: a check is missing, or a line in `test/mutants`. */
  survived: readonly Mutant[];
  /** Passed every check, as `test/mutants` says. */
  equivalent: number;
  /** No check failed them and one could not be judged, with its sentence. */
  undecided: readonly (Mutant & { sentence: string })[];
  /** Entries of `test/mutants` that mean no mutant, or one that a check fails: take them out. */
  stale: readonly Equivalent[];
}

export interface MutateOptions {
  servers: Servers;
  seed: number;
  /** Called after each mutant: how many are done, of how many. */
  onDone?: (done: number, of: number) => void;
  signal?: AbortSignal;
}

/**
 * Judges every mutant of a lab's worked answer, each up to the first check that fails it.
 *
 * @throws Error where the answer holds no code.
 */
export async function judgeMutants(
  lab: string,
  { servers, seed, onDone, signal }: MutateOptions,
): Promise<Mutated> {
  const mutants = await mutantsOf(`${lab}.ts`, await readFile(await extractAnswer(lab), 'utf8'));
  const listed = await equivalentsOf(lab);
  const folder = join(rootFolder(), '.lab', 'mutants', lab);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const submissions = mutants.map((_, i) => ({
    name: `mutant ${i + 1}`,
    path: join(folder, `${i + 1}.ts`),
    untilFailed: true,
  }));
  await Promise.all(mutants.map(({ code }, i) => writeWhole(submissions[i]!.path, code)));
  let done = 0;
  const results = await runChecks({
    servers,
    submissions,
    labs: [lab],
    seed,
    onLab: () => onDone?.(++done, mutants.length),
    ...(signal ? { signal } : {}),
  });
  const fates = mutants.map((mutant, i) => ({ mutant, fate: fateOf(results[i]!) }));
  const passed = fates.filter(({ fate }) => fate === 'passed').map(({ mutant }) => mutant);
  const meant = (mutant: Mutant) => listed.some((entry) => isMeant(mutant, entry));
  return {
    lab,
    made: mutants.length,
    killed: fates.filter(({ fate }) => fate === 'failed').length,
    survived: passed.filter((mutant) => !meant(mutant)),
    equivalent: passed.filter(meant).length,
    undecided: fates.flatMap(({ mutant, fate }) =>
      typeof fate === 'object' ? [{ ...mutant, ...fate }] : [],
    ),
    stale: signal?.aborted ? [] : listed.filter((entry) => !passed.some((mutant) => isMeant(mutant, entry))),
  };
}

function fateOf({ checks, warnings }: LabResult): 'failed' | 'passed' | { sentence: string } {
  if (checks.some(({ outcome }) => outcome === 'failed')) return 'failed';
  const open = checks.find(({ outcome }) => outcome !== 'passed');
  return open ? { sentence: `${open.id}: ${open.sentence} ${warnings.join(' ')}`.trim() } : 'passed';
}
