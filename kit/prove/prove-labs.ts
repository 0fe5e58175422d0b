import { catalog } from '../../src/catalog.ts';
import type { LabResult } from '../judge/result.ts';
import type { Servers } from '../servers/servers.ts';
import { eachCatches, eachSentence } from './catches.ts';
import type { Claim } from './claim.ts';
import { judged } from './judged.ts';
import { tellMessages } from './messages.ts';
import { sentencesOf } from './sentences.ts';
import { type Subject, subjectsOf, type WrongMode } from './subjects.ts';
import type { TeachersProofs } from './teachers-proofs.ts';

export interface ProveOptions {
  /** The worked answers and kept solutions to try; undefined in a students' edition, which has none. */
  teachers: TeachersProofs | undefined;
  servers: Servers;
  seed: number;
  /** Which wrong solutions are tried, default `drawn`. */
  wrong?: WrongMode;
  /** What else of this run keeps the machine busy, default nothing. */
  beside?: Promise<unknown>;
  /** Called when a subject has been judged: its lab and what it is called. */
  onJudged?: (subject: Subject) => void;
}

/**
 * Judges, for every lab, the worked answer, the stub as committed, each kept wrong solution and each kept right one,
 * and says whether the checks told them apart: full points, nothing, the check meant for it failed, full points. A
 * check that no wrong solution fails proves nothing, and is a claim that does not hold. A students' edition holds the
 * stub alone.
 */
export async function proveLabs({
  teachers,
  wrong = 'drawn',
  seed,
  servers,
  beside = Promise.resolve(),
  onJudged,
}: ProveOptions): Promise<Claim[]> {
  const each = await Promise.all(catalog.map(({ id }) => subjectsOf(id, { teachers, seed, wrong })));
  const results = new Map<Subject, LabResult>();
  for await (const { subject, result } of judged(each.flat(), { servers, seed, beside })) {
    results.set(subject, result);
    onJudged?.(subject);
  }
  const claims: Claim[] = [];
  for (const [index, { id: lab }] of catalog.entries()) {
    const subjects = each[index]!;
    claims.push(...subjects.flatMap((subject) => subject.claims(results.get(subject)!)));
    if (wrong === 'none' || !teachers) continue;
    claims.push(...eachCatches(subjects, results, wrong === 'all'));
    claims.push(await tellMessages(lab, subjects, results));
    const sentences = await sentencesOf(lab);
    const every = wrong !== 'drawn';
    if (sentences) claims.push(...eachSentence(sentences, subjects, { results, every }));
  }
  return claims;
}
