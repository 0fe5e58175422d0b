import type { ServersDescription } from '../../servers/servers.ts';
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
  /** Leave out the checks of a lab that come after the first failed one: who asks wants to know whether any fails. */
  untilFailed?: boolean;
}

/** What a worker tells the run. */
export type FromWorker =
  /**
   * The checks of every lab, before any student code runs, the labs whose check file does not load, and the sizes of
   * generated data that checks will ask for.
   */
  | { type: 'ready'; manifest: ManifestLab[]; broken: Record<string, string>; generated: number[] }
  /** A check has ended; `output` is what the student's code printed meanwhile, bounded. */
  | { type: 'check'; index: number; lab: string; result: CheckResult; output: string }
  /** The last check of a lab has ended. */
  | { type: 'lab'; index: number; lab: string }
  /** An error that nobody awaited, in a sentence: the judge's own, as student code runs elsewhere. */
  | { type: 'trouble'; sentence: string }
  /** The worker is free: the next task, please. */
  | { type: 'next' }
  /** A check is to be tried again while no other worker judges; and that is over. */
  | { type: 'ask to be alone' }
  | { type: 'no longer alone' }
  /** It waits between two checks, as it was asked to. */
  | { type: 'paused' };

/** What the run tells a worker, in this order. */
export type ToWorker =
  /** The check files of each lab: to be loaded while the servers are still being looked for. */
  | { type: 'load'; files: Record<string, string[]> }
  | { type: 'begin'; servers: ServersDescription; ownMysql: boolean; seed: number }
  /** The answer to `next`. */
  | { type: 'task'; task: Task }
  /** The other answer to `next`: there is none, so put everything away and end. */
  | { type: 'end' }
  | ToJudging;

/** What it tells one that is judging. */
export type ToJudging =
  /** Nobody else judges: what was asked for. */
  | { type: 'alone' }
  /** Wait after the check at hand, as another is to be alone; and go on. */
  | { type: 'pause' }
  | { type: 'go on' };
