import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';
import { flatHash, INDEX, MARKER, type Order, pagesOf } from './pages.ts';

// KEYS: the orders, then the index and the marker. ARGV: for each order its id and how many fields and values follow,
// then those; last the cursor. A script is one step: nobody sees the orders without the index and the marker.
const script = `
local orders, at, scores = #KEYS - 2, 1, {}
for i = 1, orders do
  local id, n = ARGV[at], tonumber(ARGV[at + 1])
  redis.call('DEL', KEYS[i])
  redis.call('HSET', KEYS[i], unpack(ARGV, at + 2, at + 1 + n))
  scores[2 * i - 1], scores[2 * i] = id, id
  at = at + 2 + n
end
redis.call('ZADD', KEYS[orders + 1], unpack(scores))
redis.call('HSET', KEYS[orders + 2], 'cursor', ARGV[at])
return redis.call('HINCRBY', KEYS[orders + 2], 'count', orders)`;

const perCall = 250;

/** One command, and so one promise, for 250 orders: a script that writes them all. */
export async function syncAllOrdersToRedis({ mysql, redis }: { mysql: Pool; redis: Redis }): Promise<number> {
  const sha = (await redis.script('LOAD', script)) as string;
  const write = (orders: Order[]): Promise<unknown> => {
    const args: (string | number)[] = [...orders.map(({ id }) => `order:${id}`), INDEX, MARKER];
    for (const order of orders) {
      const fields = flatHash(order);
      args.push(order.id, fields.length, ...fields);
    }
    return redis.evalsha(sha, orders.length + 2, ...args, orders.at(-1)!.id);
  };
  let count: unknown = 0;
  for await (const page of pagesOf(mysql, { prefetch: true })) {
    const calls: Promise<unknown>[] = [];
    for (let i = 0; i < page.length; i += perCall) calls.push(write(page.slice(i, i + perCall)));
    count = (await Promise.all(calls)).at(-1);
  }
  return Number(count);
}
