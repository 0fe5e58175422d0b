import { availableParallelism } from 'node:os';

/**
 * How many workers judge side by side by default: two for each processor, at most eight. A check waits about half of its
 * time, for a quiet moment or for a client that connects again, and another's work fits in.
 *
 * @example usualJobs() // 4 with two processors
 */
export const usualJobs = (processors = availableParallelism()): number => Math.min(8, 2 * processors);
