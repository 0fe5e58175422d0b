import { answerModule } from '../support/answer.ts';

/** A way to sync: a module that exports `syncAllOrdersToRedis` as a lab does. */
export interface Rung {
  name: string;
  /** Absolute path of the module. */
  module: string;
  /** Measured on a part of the orders, its time multiplied: the whole would take minutes. */
  part: boolean;
  /** What a module that has several ways is to do. */
  variant?: string;
}

const file = (name: string) => new URL(name, import.meta.url).pathname;

/**
 * The ladder, slowest first. `only` keeps the rungs whose name or module holds one of these words; `python` is a
 * Python that has what the report's own code imports, and adds it as the first two rungs.
 */
export async function rungs(only: readonly string[], python: string): Promise<Rung[]> {
  const report = { module: file('0-report.py'), part: true };
  const reportInPython: Rung[] = [
    { name: "the report's Python", ...report },
    { name: "the report's Python, one connection", ...report, variant: 'one_connection' },
  ];
  const ladder: Rung[] = [
    ...(python === '' ? [] : reportInPython),
    { name: 'the report: a query and an awaited HSET an order', module: file('1-report.ts'), part: true },
    { name: 'N+1 mended, each HSET awaited', module: file('2-awaited.ts'), part: false },
    { name: 'Promise.all of a page', module: file('3-promise-all.ts'), part: false },
    { name: 'a pipeline a page', module: file('4-pipeline.ts'), part: false },
    { name: 'the worked answer', module: await answerModule('01'), part: false },
    { name: 'a pipeline a page, the next page read ahead', module: file('5-prefetch.ts'), part: false },
    { name: 'a Lua script for 250 orders, read ahead', module: file('6-lua.ts'), part: false },
    { name: 'RESP written to the socket in MULTI, read ahead', module: file('7-resp.ts'), part: false },
  ];
  return only.length === 0
    ? ladder
    : ladder.filter(({ module, name }) => only.some((word) => module.includes(word) || name.includes(word)));
}
