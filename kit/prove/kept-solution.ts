/** A wrong solution kept for a check, or a right one of another technique. */
export interface KeptSolution {
  lab: string;
  /** `limit-9999` */
  name: string;
  /** The file to judge. */
  path: string;
  /** Where it is kept: `test/right/01-initial-sync/join-stream.ts` or `test/wrong/01-initial-sync.ts, limit-9999`. */
  source: string;
  /** The checks that a wrong solution must fail; none for a right one. */
  fails: readonly string[];
  /** What is wrong with it, in a sentence, where its entry says so. */
  why?: string;
}
