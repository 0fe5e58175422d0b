/** How long an application waits for its database. */
export interface Patience {
  /** How often MySQL is asked in all, default 30. */
  attempts?: number;
  /** Pause between two attempts, ms, default 2000. */
  delayMs?: number;
  /** Told which attempt failed, and that MySQL has answered after all. */
  say(sentence: string): void;
  /** Ends the wait. */
  signal?: AbortSignal;
}
