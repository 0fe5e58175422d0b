import type { MysqlAddress, RedisAddress, ServerSource, ServerVersion } from './address.ts';
import type { Patience } from './patience.ts';

/** A MySQL and a Redis for the processes of one run. */
export interface Servers {
  source: ServerSource;
  /** Why this source was chosen, one sentence: `'No Docker engine answers, and mariadbd and redis-server are on PATH.'` */
  why: string;
  /** A user who may create schemas and users. */
  mysql: MysqlAddress;
  mysqlVersion: ServerVersion;
  redis: RedisAddress;
  redisVersion: ServerVersion;
  /** A Redis of one's own for checks and experiments, apart from `redis`. */
  startRedis(options?: StartRedisOptions): Promise<PrivateRedis>;
  /** A MySQL of one's own, apart from `mysql`; undefined where the servers are somebody else's, and there is no program for one. */
  startMysql?: () => Promise<PrivateMysql>;
  /** Plain JSON, passwords included: hand it to a process of the same run, which calls `attachServers()`. */
  describe(): ServersDescription;
  /** Ends what this object started, private servers included. It can be called again. */
  close(): Promise<void>;
}

export interface StartRedisOptions {
  /** The student's user may do everything, CONFIG and SHUTDOWN too. Default false. */
  fullRights?: boolean;
  /** Keep an append-only file, for labs about persistence. Default false. */
  appendonly?: boolean;
  /** As in redis.conf, default `'256mb'`. */
  maxmemory?: string;
}

/** A Redis that nobody else uses. */
export interface PrivateRedis {
  /** The student's user: everything but administration (no CONFIG, SHUTDOWN, FLUSHALL, ACL). */
  address: RedisAddress;
  /** The judge's user, with every right. */
  admin: RedisAddress;
  /** Whether the whole server is ours, or one logical database of a server that others use. */
  scope: 'server' | 'database';
  version: ServerVersion;
  /** Empties it: keys, scripts and functions of a server, the keys alone of a database. */
  flush(): Promise<void>;
  /** The end of its log once it has ended by itself; undefined where it has not within so long, ms. Of a process alone. */
  ended?(withinMs: number): Promise<string | undefined>;
  close(): Promise<void>;
}

/** A MySQL that nobody else uses. */
export interface PrivateMysql {
  /** A user with every right. */
  address: MysqlAddress;
  /** The end of its log once it has ended by itself; undefined where it has not within so long, ms. Of a process alone. */
  ended?(withinMs: number): Promise<string | undefined>;
  /** Ends it at once, whatever it is at. */
  close(): Promise<void>;
}

/** What another process needs to reach the same servers. */
export interface ServersDescription {
  source: ServerSource;
  why: string;
  mysql: MysqlAddress;
  mysqlVersion: ServerVersion;
  redis: RedisAddress;
  redisVersion: ServerVersion;
}

/** Two servers that answer or soon will, and how to end them. */
export interface StartedServers {
  mysql: MysqlAddress;
  redis: RedisAddress;
  close(): Promise<void>;
}

/** Progress: one sentence for each thing that starts or was decided. */
export type OnStep = (sentence: string) => void;

export interface OpenOptions {
  /** Take this source or fail; default `LAB_SERVERS`, else the first that works. */
  source?: ServerSource;
  onStep?: OnStep;
  /**
   * Of servers that URLs name: waits for a MySQL that does not answer yet, and does without a Redis that does not; default:
   * both are an error at once.
   */
  patient?: Omit<Patience, 'say'>;
}
