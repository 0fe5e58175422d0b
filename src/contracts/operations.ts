import type { LabContext } from '../lab/context.ts';

/** What INFO says of reads at one moment. */
export interface StatsReading {
  /** `run_id`: another one after each start of Redis. */
  runId: string;
  /** `keyspace_hits` since the start, or since CONFIG RESETSTAT. */
  hits: number;
  /** `keyspace_misses`, likewise. */
  misses: number;
}

/** A key and what it costs. */
export interface KeyMemory {
  key: string;
  /** MEMORY USAGE with SAMPLES 0, bytes. */
  bytes: number;
}

/** What one domain of keys costs: all that begins with `session:`. */
export interface DomainMemory {
  /** The key up to its first colon: 'session'; the whole key where it has none. */
  domain: string;
  keys: number;
  /** Sum over its keys. */
  bytes: number;
  /** Of the bytes of all domains, 0 to 1. */
  share: number;
  /** The largest first; of equal ones by name. */
  biggest: KeyMemory[];
}

/** What may be wrong with a Redis, in the order in which `diagnose` names it. */
export type Trouble =
  | 'unreachable'
  | 'no-password'
  | 'wrong-password'
  | 'full'
  | 'evicting'
  | 'low-hit-rate'
  | 'slow-command'
  | 'big-key';

/** One trouble, and what shows it: `{ trouble: 'low-hit-rate', evidence: { hits: 20, misses: 80 } }`. */
export interface Finding {
  trouble: Trouble;
  evidence: Record<string, string | number>;
}

export interface DiagnoseOptions {
  /** What the application logs in with, `{}` for nothing; default what the client of the context logs in with. */
  login?: { username?: string; password?: string };
  /** From how long on a command counts as slow, ms; default 10. */
  slowMs?: number;
  /** From what size on a key counts as big, bytes; default 1,000,000. */
  bigKeyBytes?: number;
}

export interface DeploymentOptions {
  /** The least version of Redis; default '7.2'. */
  minimum?: string;
  /** For how long Redis must have run before its hit rate says something, days; default 7. */
  afterDays?: number;
}

/** One line of the deployment list. */
export interface DeploymentItem {
  /** 1 to 11. */
  number: number;
  verdict: 'passed' | 'failed' | 'cannot-tell';
  /** What to change, or whom to ask; '' where it passed. */
  change: string;
}

/** What lab 13 implements: the questions of somebody who runs a Redis. */
export interface Operations {
  /**
   * Reads the counts of reads, in one round trip.
   *
   * @example await readStats({ redis }) // { runId: '5b1c…', hits: 120, misses: 30 }
   */
  readStats(ctx: Pick<LabContext, 'redis'>): Promise<StatsReading>;

  /**
   * The share of reads that found something between two readings, 0 to 1. Null where nothing was read. After a restart, or
   * CONFIG RESETSTAT, that of the reads since then. It sends no command.
   *
   * @example await hitRate(ctx, { before: { runId: 'a', hits: 100, misses: 0 }, after: { runId: 'a', hits: 130, misses: 10 } }) // 0.75
   */
  hitRate(
    ctx: Pick<LabContext, 'redis'>,
    readings: { before: StatsReading; after: StatsReading },
  ): Promise<number | null>;

  /**
   * What each domain of keys costs, the most expensive first, of equal ones by name. It uses SCAN, in few round trips.
   *
   * @param options.biggest how many keys of each domain to name; default 3.
   * @example await memoryReport({ redis }, { biggest: 1 })
   * // [{ domain: 'session', keys: 2, bytes: 3000, share: 0.75, biggest: [{ key: 'session:7', bytes: 2900 }] }, …]
   */
  memoryReport(ctx: Pick<LabContext, 'redis'>, options?: { biggest?: number }): Promise<DomainMemory[]>;

  /**
   * Names what is wrong, and shows why. `[]` is healthy.
   *
   * @throws the error of Redis where it refuses to be looked at (NOPERM): that is no health.
   * @example await diagnose({ redis }) // [{ trouble: 'full', evidence: { refused: 3, maxmemory: 536870912, policy: 'noeviction' } }]
   */
  diagnose(ctx: Pick<LabContext, 'redis'>, options?: DiagnoseOptions): Promise<Finding[]>;

  /**
   * The document's deployment list against a running Redis, 11 lines in their order.
   *
   * @example (await checkDeployment({ redis }))[1] // { number: 2, verdict: 'failed', change: 'Set maxmemory in redis.conf.' }
   */
  checkDeployment(ctx: Pick<LabContext, 'redis'>, options?: DeploymentOptions): Promise<DeploymentItem[]>;
}
