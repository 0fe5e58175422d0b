// needs: answers
/**
 * A process of the game with many readers of one key: what `cache-aside.test.ts` starts several of. It takes rounds as
 * messages, and answers each with what its readers got. Every load is counted in Redis, so that those of a killed
 * process count too.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { RedisAddress } from '../../../kit/servers/address.ts';
import { redisClientOptions } from '../../../kit/servers/clients.ts';
import type { CacheAside, CacheAsideOptions } from '../../../src/contracts/cache-aside.ts';

/** What the test asks of a process. */
export interface Round {
  number: number;
  key: string;
  readers: number;
  /** Readers come at random moments within so many ms. */
  spreadMs: number;
  /** A load takes this long, ms; with 'until go' the first of the round ends when the test says `go`. */
  loadMs: number | 'until go';
  options: CacheAsideOptions;
}

/** What a process answers. */
export type Told =
  | { type: 'ready' }
  | { type: 'loading'; number: number }
  | { type: 'read'; number: number; values: unknown[]; errors: string[] };

const [address, module] = process.argv.slice(2) as [string, string];
const { getOrLoad } = (await import(module)) as CacheAside;
const redis = new Redis(redisClientOptions(JSON.parse(address) as RedisAddress));
const counter = redis.duplicate();
const tell = (message: Told) => process.send!(message);
let go: () => void = () => {};

async function play({ number, key, readers, spreadMs, loadMs, options }: Round): Promise<void> {
  const told = new Promise<void>((resolve) => {
    go = resolve;
  });
  const load = async () => {
    const nth = await counter.incr(`loads:${number}`);
    tell({ type: 'loading', number });
    // The first load of a round is the one that a test holds, kills or stops.
    if (loadMs === 'until go' && nth === 1) await told;
    else await pause(loadMs === 'until go' ? 5 : loadMs);
    return { round: number, load: nth };
  };
  const reads = Array.from({ length: readers }, async () => {
    await pause(Math.random() * spreadMs);
    return getOrLoad({ redis, now: Date.now }, key, load, options);
  });
  const settled = await Promise.allSettled(reads);
  const values = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const errors = settled.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
  tell({ type: 'read', number, values, errors });
}

process.on('message', (message: Round | 'go') => {
  if (message === 'go') go();
  else void play(message);
});
process.on('disconnect', () => process.exit(0));
await redis.ping();
tell({ type: 'ready' });
