import { parentPort, workerData } from 'node:worker_threads';
import { Redis } from 'ioredis';
import type { RedisAddress } from '../../kit/servers/address.ts';
import { redisClientOptions } from '../../kit/servers/clients.ts';

/** A second client, in a thread of its own: it sends a PING, waits for the answer, pauses, and notes the time. */
const { address, everyMs } = workerData as { address: RedisAddress; everyMs: number };
const redis = new Redis(redisClientOptions(address));
redis.on('error', () => {});
let stopped = false;
parentPort!.once('message', () => {
  stopped = true;
});

await redis.ping();
parentPort!.postMessage({ ready: true });
/** When each was sent, ms since 1970, and how long it took, ms. */
const pings: [number, number][] = [];
while (!stopped) {
  const began = performance.now();
  await redis.ping();
  pings.push([performance.timeOrigin + began, performance.now() - began]);
  await new Promise((resolve) => setTimeout(resolve, everyMs));
}
redis.disconnect();
parentPort!.postMessage({ pings });
