import type { ManifestLab } from '../manifest.ts';
import type { CheckResult } from '../result.ts';

/** One submission to judge. */
export interface Task {
  /** Number of the submission in the run, from 0, by which results find their way back. */
  index: number;
  /** What reports call it. */
  name: string;
  /** The labs to judge, in this order, and the file that implements each: absolute paths, which may be missing. */
  labs: { id: string; file: string }[];
  /** Ids of the only checks to run; default all. */
  checks?: readonly string[];
}

/** What a worker tells the run. */
export type FromWorker =
  /** The checks of every lab, before any student code runs, and the labs whose check file does not load. */
  | { type: 'ready'; manifest: ManifestLab[]; broken: Record<string, string> }
  /** A check has ended; `output` is what the student's code printed meanwhile, bounded. */
  | { type: 'check'; index: number; lab: string; result: CheckResult; output: string }
  /** The last check of a lab has ended. */
  | { type: 'lab'; index: number; lab: string }
  /** The task is over: the next one, please. */
  | { type: 'next' };

/** What the run tells a worker. */
export type ToWorker = { type: 'task'; task: Task } | { type: 'end' };

/** Cuts what arrives into JSON lines. Both ends are the judge's own: what is no JSON is a bug, and throws. */
export function messageReader<T>(onMessage: (message: T) => void): (chunk: string) => void {
  let held = '';
  return (chunk) => {
    const lines = (held + chunk).split('\n');
    held = lines.pop()!;
    for (const line of lines) onMessage(JSON.parse(line) as T);
  };
}
