/** A server of the judge's that has ended by itself, and the end of its log. */
export interface Crash {
  server: 'Redis' | 'MySQL';
  log: string;
}

/** How a server says that it had no memory left, in words of its own. */
const outOfMemory = /out of memory|bad_alloc|cannot allocate/i;
/** How it says that it fell over something else. One that was told to shut down says nothing of the kind. */
const fell = /BUG REPORT|crashed by signal|got signal|assertion fail/i;

/**
 * What to tell of a server that only one submission used and that ended.
 *
 * @returns undefined where it does not look as if the code had done it.
 * @example sentenceOfCrash({ server: 'Redis', log: 'Out Of Memory allocating 8000024 bytes!' }) // 'Your code used up …'
 */
export function sentenceOfCrash({ server, log }: Crash): string | undefined {
  const anew = 'The judge had to start another.';
  if (outOfMemory.test(log))
    return server === 'Redis'
      ? `Your code used up the memory of Redis, and Redis ended. ${anew} A script's tables and texts count as well as keys: let a script handle a few values, and a call a part of the data.`
      : `Your code used up the memory of MySQL, and MySQL ended. ${anew} Values in user variables (@name) and the results of REPEAT() or GROUP_CONCAT() count: let MySQL find the rows, and keep them in your own code.`;
  if (fell.test(log)) return `Your code made ${server} crash. ${anew}`;
  return undefined;
}
