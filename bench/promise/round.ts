import type { Mix } from './mixes.ts';

/** One round of one mix. */
export interface Round {
  mix: Mix;
  on: Measured;
  off: Measured;
}

export interface Measured {
  /** Users within P99_MS. */
  capacity: number;
  /** MySQL's statements for 1,000 requests, and the mean latency, ms, with a few users. */
  queries: number;
  mean: number;
}
