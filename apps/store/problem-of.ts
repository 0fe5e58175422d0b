import { MysqlAway, problemTeller } from '../shared/problem.ts';

/** MySQL went away in the middle of a change. */
export const unknownOutcome = (): MysqlAway =>
  new MysqlAway(
    'MySQL went away in the middle of this change, so it may have happened or not. Look at the list before you try again.',
  );

/** What the shop tells of an error; undefined for one that nobody expected. */
export const problemOf = problemTeller({
  outcomeUnknown: unknownOutcome().problem,
  refused: {
    FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, message: 'The request is too large: 64 KiB at most.' },
    FST_ERR_CTP_INVALID_MEDIA_TYPE: { status: 415, message: 'Send this as application/json.' },
    FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, message: 'The body is empty: send JSON.' },
    FST_CSRF_MISSING_SECRET: {
      status: 403,
      message:
        'This form came without the cookie of its page. Allow cookies, go back and load the page again.',
    },
    FST_CSRF_INVALID_TOKEN: {
      status: 403,
      message: 'This form is not one that the shop gave you, or is too old. Go back and load the page again.',
    },
  },
});
