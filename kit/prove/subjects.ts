import { committedStub } from '../judge/committed-stub.ts';
import type { LabResult } from '../judge/result.ts';
import { drawFor } from '../judge/seed.ts';
import { findSubmission, type Submission } from '../judge/submission.ts';
import type { Claim } from './claim.ts';
import { doNothing } from './do-nothing.ts';
import type { KeptSolution } from './kept-solution.ts';
import { kindsOfNonsense, nonsense } from './nonsense.ts';
import { fails, fullPoints, neverOurs, scoresNothing, stubScoresNothing } from './result-claims.ts';
import { sentencesOf } from './sentences.ts';
import type { TeachersProofs } from './teachers-proofs.ts';

/** Something that the checks of a lab are tried on, and what they must make of it. */
export interface Subject {
  /** The lab whose checks are tried on it. */
  lab: string;
  /** Names it among those of its lab: `answers/07-write-through.md`. */
  name: string;
  submission: Submission & { checks?: readonly string[] };
  /** What its result proves, or does not. */
  claims(result: LabResult): Claim[];
  /** Where it is a wrong solution, what it is called, `ghost`; else undefined. */
  wrong?: string;
  /** What is wrong with it, in a sentence, where that is written. */
  why?: string;
}

/**
 * Which wrong solutions are tried, and on what: one for each check, drawn by the seed, on the checks that it names, beside
 * one right one (`drawn`); all of them on the checks that they name, those that break one sentence of the contract
 * on all checks (`named`); all of them on all checks of the lab, which also says what a check catches alone (`all`); or
 * none, beside one right one.
 */
export type WrongMode = 'drawn' | 'named' | 'all' | 'none';

export interface SubjectOptions {
  /** The worked answers and kept solutions to try; undefined in a students' edition, which has none. */
  teachers: TeachersProofs | undefined;
  seed: number;
  wrong: WrongMode;
  /** The stub to take, by default the one that is committed. */
  stub?: Submission;
}

/**
 * What the checks of a lab are tried on, in this order: the worked answer, the stub, functions that do nothing or give
 * back nonsense, the right solutions, the wrong ones. A students' edition holds the stub alone, and what can be made of it.
 */
export async function subjectsOf(lab: string, options: SubjectOptions): Promise<Subject[]> {
  const { teachers, seed, wrong: mode } = options;
  const wrong = drawn((await teachers?.keptSolutions('wrong', lab)) ?? [], { lab, mode, seed });
  const right = someRight((await teachers?.keptSolutions('right', lab)) ?? [], { lab, mode, seed });
  // That nothing but the checks of a sentence fails what breaks the sentence shows only where all checks are run.
  const sentences = mode === 'named' ? ((await sentencesOf(lab)) ?? []) : [];
  const breaks = (name: string) => sentences.some(({ broken }) => broken.includes(name));
  const stub = options.stub ?? (await committedStub(lab));
  return [
    ...(teachers ? [answer(lab)] : []),
    {
      lab,
      name: `labs/${lab}.ts`,
      submission: stub,
      claims: (result) => [stubScoresNothing(`labs/${lab}.ts, the stub, scores nothing`, result)],
    },
    {
      lab,
      name: 'nothing',
      submission: await doNothing(lab, stub),
      claims: (result) => [
        scoresNothing(`functions of ${lab} that do nothing score nothing`, result),
        neverOurs(`functions of ${lab} that do nothing are failed, never the judge's fault`, result),
      ],
    },
    ...(await Promise.all(kindsToTry(lab, { mode, seed }).map((kind) => nonsensical(lab, { kind, stub })))),
    ...right.map((solution) => rightOne(solution)),
    ...wrong.map((solution) => wrongOne(solution, mode === 'all' || breaks(solution.name))),
  ];
}

async function nonsensical(
  lab: string,
  { kind, stub }: { kind: string; stub: Submission },
): Promise<Subject> {
  const what = `functions of ${lab} that give back nonsense (${kind})`;
  return {
    lab,
    name: `nonsense, ${kind}`,
    submission: await nonsense(lab, { kind, stub }),
    claims: (result) => [neverOurs(`${what} are failed, never the judge's fault`, result)],
  };
}

function answer(lab: string): Subject {
  return {
    lab,
    name: `answers/${lab}.md`,
    submission: findSubmission('answers'),
    claims: (result) => [fullPoints(`answers/${lab}.md scores full points`, result)],
  };
}

function rightOne({ lab, name, path, source }: KeptSolution): Subject {
  return {
    lab,
    name: source,
    submission: { name, path },
    claims: (result) => [fullPoints(`${source} scores full points`, result)],
  };
}

function wrongOne({ lab, name, path, source, fails: checks, why }: KeptSolution, onAll: boolean): Subject {
  return {
    lab,
    name: source,
    submission: onAll ? { name, path } : { name, path, checks },
    claims: (result) => checks.map((check) => fails(source, check, result)),
    wrong: name,
    ...(why ? { why } : {}),
  };
}

/**
 * The wrong solutions that a run tries: all, none or, for each check, one of those that are kept for it, drawn by the
 * seed, so that many short runs try them all.
 */
function drawn(
  all: KeptSolution[],
  { lab, mode, seed }: { lab: string; mode: WrongMode; seed: number },
): KeptSolution[] {
  if (mode === 'none') return [];
  if (mode !== 'drawn') return all;
  const draw = drawFor(seed, `wrong solutions of ${lab}`);
  const checks = [...new Set(all.flatMap(({ fails }) => fails))].sort();
  const chosen = new Set(checks.map((check) => draw.pick(all.filter(({ fails }) => fails.includes(check)))));
  return all.filter((solution) => chosen.has(solution));
}

/** The right solutions that a run tries: all, or one that the seed draws, as each is judged on all checks. */
function someRight(
  all: KeptSolution[],
  { lab, mode, seed }: { lab: string; mode: WrongMode; seed: number },
): KeptSolution[] {
  if (all.length === 0 || mode === 'named' || mode === 'all') return all;
  return [drawFor(seed, `right solutions of ${lab}`).pick(all)];
}

/** The kinds of nonsense that a run tries: all beside all wrong solutions, none beside none, else two that the seed draws. */
function kindsToTry(lab: string, { mode, seed }: { mode: WrongMode; seed: number }): readonly string[] {
  if (mode === 'all') return kindsOfNonsense;
  if (mode === 'none') return [];
  const draw = drawFor(seed, `nonsense of ${lab}`);
  const first = draw.pick(kindsOfNonsense);
  return [first, draw.pick(kindsOfNonsense.filter((kind) => kind !== first))];
}
