import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';
import { flatHash, MARKER, type Order, pagesOf } from './pages.ts';

// KEYS: the orders, then the marker. ARGV: for each order how many arguments follow, then its fields and values; last
// the cursor. A script is one step: the orders and the marker are there together, or neither.
const script = `
local orders, at = #KEYS - 1, 1
for i = 1, orders do
  local n = tonumber(ARGV[at])
  redis.call('DEL', KEYS[i])
  redis.call('HSET', KEYS[i], unpack(ARGV, at + 1, at + n))
  at = at + n + 1
end
redis.call('HSET', KEYS[orders + 1], 'cursor', ARGV[at])
return redis.call('HINCRBY', KEYS[orders + 1], 'count', orders)`;

const perCall = 250;

/** One command, and so one promise, for 250 orders: a script that writes them all. */
export async function syncAllOrdersToRedis({ mysql, redis }: { mysql: Pool; redis: Redis }): Promise<number> {
  const sha = (await redis.script('LOAD', script)) as string;
  const write = (orders: Order[]): Promise<unknown> => {
    const args: (string | number)[] = [...orders.map(({ id }) => `order:${id}`), MARKER];
    for (const order of orders) {
      const fields = flatHash(order);
      args.push(fields.length, ...fields);
    }
    return redis.evalsha(sha, orders.length + 1, ...args, orders.at(-1)!.id);
  };
  let count: unknown = 0;
  for await (const page of pagesOf(mysql, { prefetch: true })) {
    const calls: Promise<unknown>[] = [];
    for (let i = 0; i < page.length; i += perCall) calls.push(write(page.slice(i, i + perCall)));
    count = (await Promise.all(calls)).at(-1);
  }
  return Number(count);
}
