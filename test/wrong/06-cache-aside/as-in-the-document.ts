// fails: 06.one.process 06.one.processes 06.fail.shared 06.down.loads
// Look, load, keep, with the document's other mistakes mended: the stampede is left.
import type { Redis } from 'ioredis';

export async function getOrLoad(
  { redis }: { redis: Redis },
  key: string,
  load: () => Promise<any>,
  options: any,
): Promise<any> {
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
