// fails: 06.one.processes
// One load in each process: with four processes, four at once.
import type { Redis } from 'ioredis';

const flights = new Map<string, Promise<any>>();

export function getOrLoad(
  { redis }: { redis: Redis },
  key: string,
  load: () => Promise<any>,
  options: any,
): Promise<any> {
  const there = flights.get(key);
  if (there) return there;
  const flight = fetchValue(redis, key, load, options).finally(() => flights.delete(key));
  flights.set(key, flight);
  return flight;
}

async function fetchValue(redis: Redis, key: string, load: () => Promise<any>, options: any): Promise<any> {
  const text = await redis.get(key).catch(() => null);
  try {
    if (text !== null) return JSON.parse(text);
  } catch {}
  const value = (await load()) ?? null;
  const longest = value === null ? (options.missingTtlMs ?? options.ttlMs) : options.ttlMs;
  const ttl = Math.ceil(longest * (1 - (options.jitter ?? 0.1) * Math.random()));
  if (ttl > 0) await redis.set(key, JSON.stringify(value), 'PX', ttl).catch(() => {});
  return value;
}
