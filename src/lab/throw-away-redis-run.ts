import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Redis } from 'ioredis';
import { rootFolder } from '../../kit/base/root.ts';
import type { RedisAddress } from '../../kit/servers/address.ts';
import { redisClientOptions } from '../../kit/servers/clients.ts';
import { currentSession } from './current-session.ts';
import type { ThrowAwayOptions, ThrowAwayRedis } from './throw-away-redis.ts';

/** Rest before and after the work, so that one sees what is normal. */
const MARGIN_MS = 150;

/** What `throwAwayRedis()` does, apart from it so that a notebook need not compile the servers. */
export async function openThrowAway(options: ThrowAwayOptions): Promise<ThrowAwayRedis> {
  const session = await currentSession();
  if (!session) {
    const error = new Error('throwAwayRedis() needs the servers: run the cell with `await open()` first.');
    error.name = 'NotOpen';
    throw error;
  }
  const own = await session.servers.startRedis({ fullRights: true, maxmemory: '1gb', ...options });
  const redis = new Redis({ ...redisClientOptions(own.address), showFriendlyErrorStack: true });
  redis.on('error', () => {});
  const close = async () => {
    redis.disconnect();
    await own.close();
  };
  await redis.ping();
  return {
    redis,
    close,
    latencyWhile: (work, given) => latencyWhile(own.address, work, given?.everyMs ?? 1),
  };
}

async function latencyWhile<T>(address: RedisAddress, work: () => Promise<T>, everyMs: number) {
  const worker = new Worker(join(rootFolder(), 'src', 'lab', 'probe-worker.ts'), {
    workerData: { address, everyMs },
  });
  try {
    await message(worker);
    await rest();
    const began = performance.timeOrigin + performance.now();
    const value = await work();
    const ms = performance.timeOrigin + performance.now() - began;
    await rest();
    const done = message(worker);
    worker.postMessage('stop');
    const { pings } = (await done) as { pings: [number, number][] };
    const points = pings.map(([at, took]): [number, number] => [at - began, took]);
    return { value, ms, points, longest: Math.max(...points.map(([, took]) => took)) };
  } finally {
    await worker.terminate();
  }
}

const rest = () => new Promise((resolve) => setTimeout(resolve, MARGIN_MS));

function message(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () =>
      reject(new Error('The second client of the measurement ended too early: run the cell again.')),
    );
  });
}
