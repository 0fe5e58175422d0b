import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';

/** Commands that wait by design: whoever sends one has not forgotten an `await`. */
const waiting = new Set(
  'blpop brpop blmove brpoplpush blmpop bzpopmin bzpopmax bzmpop xread xreadgroup subscribe psubscribe ssubscribe'.split(
    ' ',
  ),
);

/** What ioredis sends of its own accord while it connects, again and again where Redis is away. */
const setUp = new Set(['hello', 'auth', 'client', 'select', 'info']);

interface Queue<T> {
  length: number;
  get?(index: number): T | undefined;
  peekAt?(index: number): T | undefined;
}

/** What the clients keep to themselves, as far as it is read here. */
interface RedisQueues {
  commandQueue: Queue<{ command: { name: string } }>;
  offlineQueue: Queue<{ command: { name: string } }>;
}
interface PoolConnections {
  pool: { _allConnections: Queue<{ _command?: { constructor: { name: string } } | null }> };
}

function* each<T>(queue: Queue<T> | undefined): Generator<T> {
  for (let i = 0; i < (queue?.length ?? 0); i++) {
    const item = queue!.get?.(i) ?? queue!.peekAt?.(i);
    if (item !== undefined) yield item;
  }
}

/**
 * Names of the commands that the clients have sent or queued and that are not answered. Asked in the very moment in
 * which a student's function settles, before anything can arrive: each is a command whose promise nobody awaited.
 *
 * @example unanswered(clients) // ['hset']
 */
export function unanswered({ redis, mysql }: { redis: Redis; mysql: Pool }): string[] {
  const { commandQueue, offlineQueue } = redis as unknown as RedisQueues;
  const ofRedis = [...each(commandQueue), ...each(offlineQueue)].map(({ command }) => command.name);
  const connections = each((mysql as unknown as PoolConnections).pool._allConnections);
  const ofMysql = [...connections].flatMap(({ _command }) =>
    _command ? [_command.constructor.name.replace(/^_/, '')] : [],
  );
  const connecting = redis.status !== 'ready';
  const awaited = (name: string) => waiting.has(name) || (connecting && setUp.has(name));
  return [...ofRedis.filter((name) => !awaited(name)), ...ofMysql];
}
