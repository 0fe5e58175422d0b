/** What is refreshed, and how often. */
export interface ScheduleOptions {
  /** From one refresh to the next, ms: well below the time to live, so that one that fails leaves no gap. */
  everyMs: number;
  /** What is to be done each time, by one of all processes. */
  refresh: () => Promise<unknown>;
  /** Hears of a refresh that failed; the next one comes all the same. */
  onError?: (error: Error) => void;
  /** Processes with the same name share one schedule. */
  name?: string;
}

/** A schedule that this process takes part in. */
export interface Schedule {
  /**
   * Ends this process's part, after a refresh that is under way. The others go on. It takes three seconds at most,
   * whatever Redis does.
   */
  close(): Promise<void>;
  /** Ends the schedule for all. @throws where Redis does not take that; this process's part has ended all the same. */
  remove(): Promise<void>;
}
