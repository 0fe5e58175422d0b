/** How far a run is, and how long it may still take. */
export interface Estimate {
  done: number;
  of: number;
  /** Seconds that are left, by the pace so far; undefined until there is one. */
  secondsLeft: number | undefined;
}

/** Keeps count of a run of `of` steps that began at `begun` ms. */
export function estimator(of: number, now: () => number = () => performance.now()) {
  const begun = now();
  let done = 0;
  return {
    step: (): void => {
      done++;
    },
    read: (): Estimate => {
      const pace = done > 0 ? (now() - begun) / done : undefined;
      return { done, of, secondsLeft: pace === undefined ? undefined : (pace * (of - done)) / 1000 };
    },
  };
}

/**
 * A time that is left, as a person says it.
 *
 * @example leftInWords(7.2) // 'a few seconds left'
 * @example leftInWords(200) // 'about 3 minutes left'
 */
export function leftInWords(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 90) return `about ${Math.ceil(seconds / 10) * 10} seconds left`;
  return `about ${Math.round(seconds / 60)} minutes left`;
}
