import { IsolationTooLow } from './find.ts';
import type { FoundIsolation } from './isolation.ts';

/** What level 1 does not keep out, in a sentence. */
export const lowestSentence =
  'Level 1 is a fence inside the process that runs a submission, and no wall: who knows a fault of Node or V8 can read ' +
  'and change what you can, and use your network.';

export interface AcceptOptions {
  /** It was said beforehand that level 1 will do. */
  accepted: boolean;
  /** Asks whoever is at the terminal; undefined where nobody is. */
  ask: ((question: string) => Promise<boolean>) | undefined;
}

/**
 * Lets submissions of others be run at level 1 only where somebody agreed to that; at levels 2 and 3 it asks nothing.
 *
 * @throws IsolationTooLow where nobody did: it says what to install and what to add.
 * @example await acceptLowest(await findIsolation(), { accepted: false, ask: undefined })
 */
export async function acceptLowest(
  { level, sentence }: Pick<FoundIsolation, 'level' | 'sentence'>,
  { accepted, ask }: AcceptOptions,
): Promise<void> {
  if (level > 1 || accepted) return;
  const why = `This machine reaches ${sentence} ${lowestSentence}`;
  if (await ask?.(`${why} Grade at level 1 all the same?`)) return;
  throw new IsolationTooLow(
    `${why} Add --accept-level-1 where you trust what was handed in. Nothing was graded.`,
  );
}
