// needs: answers
/**
 * A process of the game that takes changes (`producer`), or one that writes them (`worker`): what `late-writes.ts` starts
 * and kills. What a producer was told is acknowledged it says to its parent, one change at a time.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';
import type { MysqlAddress, RedisAddress } from '../../../kit/servers/address.ts';
import { mysqlClientOptions, redisClientOptions } from '../../../kit/servers/clients.ts';
import type { InventoryChange, WriteBehind } from '../../../src/contracts/write-behind.ts';

/** The only argument, as JSON. */
export interface ProcessPlan {
  role: 'producer' | 'worker';
  /** Path of the module with the functions of lab 08. */
  module: string;
  redis: RedisAddress;
  mysql: MysqlAddress;
  batch: number;
}

/** Changes in lanes: within one each is sent when the one before was acknowledged, as often as it takes. */
export type Lanes = InventoryChange[][];

/** The longest pause before a change, ms. */
const PACE_MS = 16;

const plan = JSON.parse(process.argv[2]!) as ProcessPlan;
const { acceptChange, runFlusher } = (await import(plan.module)) as WriteBehind;
const redis = new Redis(redisClientOptions(plan.redis));
redis.on('error', () => {});
const mysql = createPool(mysqlClientOptions(plan.mysql));

async function send(lane: InventoryChange[]): Promise<void> {
  for (const change of lane) {
    await pause(Math.random() * PACE_MS); // so that faults find changes on their way
    while (!(await acknowledged(change))) await pause(10);
    process.send!(change.changeId);
  }
}

async function acknowledged(change: InventoryChange): Promise<boolean> {
  try {
    await acceptChange({ redis, now: Date.now }, change);
    return true;
  } catch {
    return false; // perhaps it was taken, perhaps not: a client sends it again
  }
}

process.on('disconnect', () => process.exit());
if (plan.role === 'producer') {
  process.on('message', (lanes: Lanes) => void Promise.all(lanes.map(send)));
  process.send!('ready');
} else {
  const stopped = new Promise<void>((resolve) => {
    process.once('message', () => resolve());
  });
  process.send!('ready');
  // Where Redis is away it cannot begin: whoever started this process starts another.
  await runFlusher({ redis, mysql }, () => stopped, { everyMs: 10, batch: plan.batch }).catch(() =>
    process.exit(1),
  );
  redis.disconnect();
  await mysql.end();
  process.disconnect();
}
