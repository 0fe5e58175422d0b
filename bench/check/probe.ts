import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';

// What the runner loads in place of a student's file: calls that do next to nothing, so that their time is the judge's.

export async function nothing(): Promise<number> {
  return 1;
}

/** Microseconds that an awaited command to each server takes, over `n` of them. */
export async function commands({ redis, mysql }: { redis: Redis; mysql: Pool }, n: number) {
  await redis.ping();
  await mysql.query('SELECT 1');
  const began = performance.now();
  for (let i = 0; i < n; i++) await redis.hset('order:1', 'total_amount', '1999.99');
  const between = performance.now();
  for (let i = 0; i < n; i++) await mysql.query('SELECT 1');
  const ended = performance.now();
  return { redis: ((between - began) * 1000) / n, mysql: ((ended - between) * 1000) / n };
}
