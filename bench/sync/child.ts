import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';
import type { MysqlAddress, RedisAddress } from '../../kit/servers/address.ts';
import { mysqlClientOptions, redisClientOptions } from '../../kit/servers/clients.ts';

// A process that syncs once, as a start of the store manager does: nothing in it is warm, and the memory that it took
// is the sync's alone. It reads what to do from its standard input, and writes what it took to its standard output.

/** What to sync with, and from where to where. */
export interface ChildTask {
  /** Absolute path of a module that exports `syncAllOrdersToRedis`. */
  module: string;
  mysql: MysqlAddress;
  redis: RedisAddress;
  /** Keep a reading of the resident memory every so many milliseconds; 0 keeps none. */
  sampleMs: number;
  /** Which of a module's ways is meant, where it has several. */
  variant?: string;
}

/** What it took. */
export interface ChildReport {
  /** What the sync resolved to. */
  orders: number;
  /** Milliseconds from the call to its end, clients connected before. */
  ms: number;
  /** Milliseconds of processor time that this process spent on it: what a busy machine changes least. */
  cpuMs: number;
  /** Peak resident memory of the process, MB of 1,000,000 bytes. */
  peakMb: number;
  /** Resident memory before the sync, MB. */
  beforeMb: number;
  /** Readings in the order of time, MB. */
  curveMb: number[];
}

const mb = (bytes: number) => Math.round(bytes / 1e5) / 10;

let text = '';
for await (const chunk of process.stdin) text += chunk;
const task = JSON.parse(text) as ChildTask;
const { syncAllOrdersToRedis } = await import(task.module);
const redis = new Redis(redisClientOptions(task.redis));
const mysql = createPool(mysqlClientOptions(task.mysql));
await Promise.all([redis.ping(), mysql.query('SELECT 1')]);

const beforeMb = mb(process.memoryUsage.rss());
const curveMb: number[] = [];
const read = () => curveMb.push(mb(process.memoryUsage.rss()));
const timer = task.sampleMs > 0 ? setInterval(read, task.sampleMs) : undefined;
const cpu = process.cpuUsage();
const began = performance.now();
const orders = await syncAllOrdersToRedis({ mysql, redis, redisAddress: task.redis });
const ms = performance.now() - began;
const { user, system } = process.cpuUsage(cpu);
const cpuMs = (user + system) / 1000;
clearInterval(timer);
const peakMb = mb(process.resourceUsage().maxRSS * 1024);
const report: ChildReport = { orders, ms, cpuMs, peakMb, beforeMb, curveMb };
process.stdout.write(JSON.stringify(report));
redis.disconnect();
await mysql.end();
