/** A limit of time that is in force. */
export interface Limit {
  /** What is left of it, ms. */
  leftMs: number;
  /** What was there at its beginning, completing "when … were over": `the 10 s that your code has for one check`. */
  named: string;
}

/** How long one call may take where its caller does not say, ms. */
export const CALL_LIMIT_MS = 10_000;

/** A limit for one call alone, of 10 s where no other is given. */
export const callLimit = (ms = CALL_LIMIT_MS): Limit => ({
  leftMs: ms,
  named: `the ${ms / 1000} s that it has`,
});
