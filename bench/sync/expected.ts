import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Redis } from 'ioredis';
import { type OrderHash, redisOrders } from '../../src/worlds/store/order-hash.ts';
import { resp } from './7-resp.ts';

/** Hashes by key, as `orderHashes()` computes them from MySQL. */
export type Expected = ReadonlyMap<string, OrderHash>;

/** @throws Error at the first order that Redis does not hold as MySQL has it, or holds without MySQL having it. */
export async function assertSynced(redis: Redis, expected: Expected): Promise<void> {
  const there = await redisOrders(redis);
  if (there.size !== expected.size)
    throw new Error(`Redis holds ${there.size} orders, MySQL ${expected.size}.`);
  for (const [key, hash] of expected)
    if (JSON.stringify(there.get(key)) !== JSON.stringify(hash))
      throw new Error(`${key} is not as MySQL has it.`);
}

/** Writes the HSETs that make Redis hold this, as RESP, for `redis-cli --pipe`. */
export async function writeResp(file: string, expected: Expected): Promise<void> {
  const out = createWriteStream(file);
  for (const [key, hash] of expected) out.write(resp('HSET', key, ...Object.entries(hash).flat()));
  out.end();
  await finished(out);
}
