import type { Redis } from 'ioredis';

/** Settings of a Redis by name, whatever shape the protocol version gives the reply of CONFIG GET. */
export async function settingsOf(redis: Redis, ...names: string[]): Promise<Record<string, string>> {
  const reply: unknown = await redis.call('CONFIG', 'GET', ...names);
  if (!Array.isArray(reply)) return reply as Record<string, string>;
  const pairs = reply.flatMap((name, at) => (at % 2 === 0 ? [[name, reply[at + 1]]] : []));
  return Object.fromEntries(pairs);
}
