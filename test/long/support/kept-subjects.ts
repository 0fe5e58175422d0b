import { extractAnswer } from '../../../kit/judge/extract-answers.ts';
import type { Submission } from '../../../kit/judge/submission.ts';
import { keptSolutions } from '../../../kit/prove/kept/solutions.ts';
import { catalog } from '../../../src/catalog.ts';

/** A solution that is kept, to be judged in its lab. */
export interface KeptSubject {
  lab: string;
  /** `right join-stream of 01-initial-sync` */
  name: string;
  submission: Submission & { checks?: readonly string[] };
}

/** Ids of the labs whose names begin as `LABS_TRIED=05,06` says; all where it is not set. */
export function labsTried(): string[] {
  const tried = process.env.LABS_TRIED?.split(',') ?? [''];
  return catalog.map(({ id }) => id).filter((id) => tried.some((name) => id.startsWith(name)));
}

/**
 * The worked answers and right solutions of labs, for all of their checks, and the wrong ones, each for those that it must
 * fail.
 *
 * @param kinds which of the three.
 */
export async function keptSubjects(
  labs: readonly string[],
  kinds: readonly ('answer' | 'right' | 'wrong')[],
): Promise<KeptSubject[]> {
  const each = labs.map(async (lab) => {
    const answer = { name: 'answer', path: await extractAnswer(lab) };
    const kept = async (kind: 'right' | 'wrong') =>
      (await keptSolutions(kind, lab)).map(({ name, path, fails }) => ({
        name: `${kind} ${name}`,
        path,
        ...(kind === 'wrong' ? { checks: fails } : {}),
      }));
    const found = kinds.map(async (kind) => (kind === 'answer' ? [answer] : kept(kind)));
    return (await Promise.all(found))
      .flat()
      .map((one) => ({ lab, name: `${one.name} of ${lab}`, submission: one }));
  });
  return (await Promise.all(each)).flat();
}
