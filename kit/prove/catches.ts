import type { LabResult } from '../judge/result.ts';
import type { Claim } from './claim.ts';
import { type Sentences, sentenceClaims } from './sentences.ts';
import type { Subject } from './subjects.ts';

/**
 * That each check of a lab caught a wrong solution: one that catches none proves nothing.
 *
 * @param subjects the lab's, the worked answer first: all checks ran on that.
 * @param all whether all checks ran on the wrong solutions too; then it also says what only one check caught.
 */
export function eachCatches(
  subjects: readonly Subject[],
  results: ReadonlyMap<Subject, LabResult>,
  all: boolean,
): Claim[] {
  const caught = subjects.flatMap((subject) => {
    const checks = results.get(subject)?.checks ?? [];
    const ids = checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
    return subject.wrong === undefined ? [] : [{ name: subject.wrong, ids }];
  });
  const { lab, checks } = results.get(subjects[0]!)!;
  return checks.map(({ id }) => {
    const by = caught.filter(({ ids }) => ids.includes(id));
    const alone = by.filter(({ ids }) => ids.length === 1);
    const names = (some: typeof by) => some.map(({ name }) => name).join(', ');
    const told = alone.length > 0 ? `alone: ${names(alone)}` : `with others: ${names(by)}`;
    const none = `None of the wrong solutions that ran on it fails it: add one to test/wrong/${lab}.ts, or sharpen it.`;
    return {
      name: `${id} catches a wrong solution`,
      holds: by.length > 0,
      detail: by.length === 0 ? none : all ? told : names(by),
    };
  });
}

/**
 * That each sentence of a lab's contract has a check, by what became of the wrong solutions that break it.
 *
 * @param subjects the lab's, the worked answer first.
 * @param every whether all wrong solutions that are kept are among them: a sentence may name no other.
 */
export function eachSentence(
  sentences: Sentences,
  subjects: readonly Subject[],
  { results, every }: { results: ReadonlyMap<Subject, LabResult>; every: boolean },
): Claim[] {
  const { lab, checks } = results.get(subjects[0]!)!;
  const ids = checks.map(({ id }) => id);
  const wrong = subjects.filter((subject) => subject.wrong !== undefined && !subject.submission.checks);
  const judged = new Map(wrong.map((subject) => [subject.wrong!, results.get(subject)!]));
  const kept = every ? new Set(subjects.flatMap((subject) => subject.wrong ?? [])) : undefined;
  return sentenceClaims({ lab, sentences, checks: ids, wrong: judged, kept });
}
