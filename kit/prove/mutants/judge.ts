import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../../base/root.ts';
import { writeWhole } from '../../base/write-whole.ts';
import { extractAnswer } from '../../judge/extract-answers.ts';
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
  /** Only those that no check failed in the run before, which are the ones that somebody works on; default all. */
  again?: boolean;
}

/** Where a run leaves the keys of the mutants that no check failed. */
const leftFile = (lab: string): string => join(rootFolder(), '.lab', 'mutants', `${lab}.json`);

const keyOf = ({ source, from, to }: Mutant): string => JSON.stringify([source, from, to]);

/** @throws Error where no run was before. */
async function leftBefore(lab: string): Promise<ReadonlySet<string>> {
  const text = await readFile(leftFile(lab), 'utf8').catch(() => {
    throw new Error(`No run of the mutants of ${lab} was before this one: ./lab mutate ${lab.slice(0, 2)}`);
  });
  return new Set(JSON.parse(text) as string[]);
}

/**
 * Judges every mutant of a lab's worked answer, each up to the first check that fails it.
 *
 * @throws Error where the answer holds no code.
 */
export async function judgeMutants(
  lab: string,
  { servers, seed, onDone, signal, again = false }: MutateOptions,
): Promise<Mutated> {
  const left = again ? await leftBefore(lab) : undefined;
  const all = await mutantsOf(`${lab}.ts`, await readFile(await extractAnswer(lab), 'utf8'));
  const mutants = all.filter((mutant) => left?.has(keyOf(mutant)) ?? true);
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
  if (!signal?.aborted) {
    const open = fates.filter(({ fate }) => fate !== 'failed').map(({ mutant }) => keyOf(mutant));
    await writeWhole(leftFile(lab), JSON.stringify(open));
  }
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
    stale:
      signal?.aborted || again
        ? []
        : listed.filter((entry) => !passed.some((mutant) => isMeant(mutant, entry))),
  };
}

function fateOf({ checks, warnings }: LabResult): 'failed' | 'passed' | { sentence: string } {
  if (checks.some(({ outcome }) => outcome === 'failed')) return 'failed';
  const open = checks.find(({ outcome }) => outcome !== 'passed');
  return open ? { sentence: `${open.id}: ${open.sentence} ${warnings.join(' ')}`.trim() } : 'passed';
}
