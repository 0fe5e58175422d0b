/** The ways in which a person or a system ends a run. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A stop that was asked for, as an abort signal, and its undoing. */
export interface Stop {
  signal: AbortSignal;
  /** Resolves once a stop was asked for. */
  asked: Promise<void>;
  /** Stops listening. */
  release(): void;
}

/**
 * Listens for Ctrl-C, SIGTERM and SIGHUP, and for the end of an npm above (which passes no SIGHUP or SIGKILL on).
 * One press arrives twice below npm, from the terminal and from npm: repeats within a second count as one. A later
 * one calls `onAgain`.
 */
export function listenForStop({ onAgain }: { onAgain: () => void }): Stop {
  const controller = new AbortController();
  let firstAt = 0;
  let resolve = () => {};
  const asked = new Promise<void>((done) => {
    resolve = done;
  });
  const stop = () => {
    if (controller.signal.aborted) {
      if (performance.now() - firstAt > 1000) onAgain();
      return;
    }
    firstAt = performance.now();
    controller.abort();
    resolve();
  };
  for (const name of signals) process.on(name, stop);
  // A terminal that went away makes every write fail: not a reason to leave servers behind.
  const ignore = () => {};
  process.stdout.on('error', ignore);
  process.stderr.on('error', ignore);

  const parent = process.ppid;
  const watch = process.env.npm_lifecycle_event
    ? setInterval(() => process.ppid !== parent && stop(), 500).unref()
    : undefined;
  return {
    signal: controller.signal,
    asked,
    release() {
      clearInterval(watch);
      for (const name of signals) process.off(name, stop);
    },
  };
}
