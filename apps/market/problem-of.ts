import { problemTeller, retryAfterSeconds } from '../shared/problem.ts';

/** What the game tells of an error; undefined for one that nobody expected. */
export const problemOf = problemTeller({
  outcomeUnknown: {
    status: 503,
    code: 'OUTCOME_UNKNOWN',
    message: 'MySQL went away in the middle: it may have happened or not. Look before you try again.',
    retryAfter: retryAfterSeconds,
  },
});
