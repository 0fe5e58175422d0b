import type { FoundIsolation } from '../isolation/isolation.ts';
import type { RunnerServers } from './protocol.ts';

/** What crosses between a process and the servers. */
export interface Traffic {
  /** Whether no client waits for a server. */
  atRest(): boolean;
  /** How often anything has crossed so far. */
  crossings(): number;
}

export interface RunnerOptions {
  /** The student's file as written, for messages and lines. */
  source: string;
  /** The same, transpiled (`transpile.ts`). */
  file: string;
  /** Which packages it imports; default none. */
  imports?: readonly string[];
  servers: RunnerServers;
  /** The clock's first reading, ms since 1970. */
  now: number;
  /** What crosses the taps: without it, a promise that never settles is found out by time alone. */
  traffic?: Traffic;
  /** With a thread that can say on what line an endless loop stands: a start is then three times as dear. */
  watched?: boolean;
  /** How it is shut in; default as far as this machine allows. */
  isolation?: FoundIsolation;
}
