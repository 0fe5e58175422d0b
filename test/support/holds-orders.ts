import type { Redis } from 'ioredis';
import type { Connection } from 'mysql2/promise';
import { type OrderHash, orderHashes } from '../../src/worlds/store/order-hash.ts';

/** Orders as texts in pages of their ids: a comparison of many costs Redis and the judge little. */
export interface OrderTexts {
  count: number;
  /** What `textsOf` is asked, and what it should answer. */
  pages: { asked: string[]; text: string }[];
}

const PAGE = 500;

/**
 * The values of each order whose id is given, with the place of its fields' names in the list that comes first: asked
 * for by name, they come in that order whatever order they were written in. Nil where one has other fields.
 */
const textsOf = `local shapes, orders = cjson.decode(ARGV[1]), {}
for at = 2, #ARGV, 2 do
  local key, names = 'order:' .. ARGV[at], shapes[tonumber(ARGV[at + 1])]
  if redis.pcall('HLEN', key) ~= #names then return nil end
  local whole, text = pcall(table.concat, redis.call('HMGET', key, unpack(names)), ' ')
  if not whole then return nil end
  orders[#orders + 1] = text
end
return table.concat(orders, '\\n')`;

const countOrders = `local n = 0
for _, key in ipairs(redis.call('KEYS', 'order:[0-9]*')) do
  if string.find(key, '^order:%d+$') then n = n + 1 end
end
return n`;

/** @param orders at most a page of them. */
function pageOf(orders: OrderHash[]): OrderTexts['pages'][number] {
  const shapes: string[] = [];
  const asked = orders.flatMap((hash) => {
    const names = JSON.stringify(Object.keys(hash));
    if (!shapes.includes(names)) shapes.push(names);
    return [hash.id!, `${shapes.indexOf(names) + 1}`];
  });
  const text = orders.map((hash) => Object.values(hash).join(' ')).join('\n');
  return { asked: [`[${shapes}]`, ...asked], text };
}

const made = new Map<string, Promise<OrderTexts>>();

/** What Redis should hold of a generated schema. It is the same for every submission of a run, so it is made once. */
export function orderTexts(mysql: Connection, schema: string): Promise<OrderTexts> {
  let texts = made.get(schema);
  if (!texts) {
    texts = orderHashes(mysql, schema).then((hashes) => {
      const all = [...hashes.values()];
      const starts = Array.from({ length: Math.ceil(all.length / PAGE) }, (_, i) => i * PAGE);
      return { count: all.length, pages: starts.map((start) => pageOf(all.slice(start, start + PAGE))) };
    });
    texts.catch(() => made.delete(schema));
    made.set(schema, texts);
  }
  return texts;
}

/** Whether Redis holds these orders, field for field, and no other. What differs is for a slower look to find. */
export async function holdsOrders(redis: Redis, { count, pages }: OrderTexts): Promise<boolean> {
  if ((await redis.eval(countOrders, 0)) !== count) return false;
  // Sent at once: the next page is packed and the last one compared while Redis reads one.
  const told = await Promise.all(pages.map(({ asked }) => redis.eval(textsOf, 0, ...asked)));
  return pages.every(({ text }, page) => told[page] === text);
}
