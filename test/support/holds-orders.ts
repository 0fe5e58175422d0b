import type { Redis } from 'ioredis';
import type { Connection } from 'mysql2/promise';
import { type OrderHash, orderHashes } from '../../src/store/order-hash.ts';

/** Orders as texts, `id fields fields...`, in pages of their ids: a comparison of many costs Redis and the judge little. */
export interface OrderTexts {
  count: number;
  pages: { ids: string[]; text: string }[];
}

const PAGE = 500;

/** The text of each order whose id is given: its fields and values in the order of their names. */
const textsOf = `local orders = {}
for i, id in ipairs(ARGV) do
  local flat = redis.pcall('HGETALL', 'order:' .. id)
  if flat.err then return flat.err end
  local hash, names = {}, {}
  for at = 1, #flat, 2 do
    names[#names + 1] = flat[at]
    hash[flat[at]] = flat[at + 1]
  end
  table.sort(names)
  for at, name in ipairs(names) do names[at] = name .. '=' .. hash[name] end
  orders[i] = table.concat(names, ' ')
end
return table.concat(orders, '\\n')`;

const countOrders = `local n = 0
for _, key in ipairs(redis.call('KEYS', 'order:[0-9]*')) do
  if string.find(key, '^order:%d+$') then n = n + 1 end
end
return n`;

const text = (hash: OrderHash) => Object.entries(hash).map(([name, value]) => `${name}=${value}`);

const made = new Map<string, Promise<OrderTexts>>();

/** What Redis should hold of a generated schema. It is the same for every submission of a run, so it is made once. */
export function orderTexts(mysql: Connection, schema: string): Promise<OrderTexts> {
  let texts = made.get(schema);
  if (!texts) {
    texts = orderHashes(mysql, schema).then((hashes) => {
      const all = [...hashes.values()];
      const pages = Array.from({ length: Math.ceil(all.length / PAGE) }, (_, i) => {
        const some = all.slice(i * PAGE, (i + 1) * PAGE);
        return { ids: some.map(({ id }) => id!), text: some.map((hash) => text(hash).join(' ')).join('\n') };
      });
      return { count: all.length, pages };
    });
    texts.catch(() => made.delete(schema));
    made.set(schema, texts);
  }
  return texts;
}

/** Whether Redis holds these orders, field for field, and no other. What differs is for a slower look to find. */
export async function holdsOrders(redis: Redis, { count, pages }: OrderTexts): Promise<boolean> {
  if ((await redis.eval(countOrders, 0)) !== count) return false;
  for (const { ids, text: wanted } of pages) {
    if ((await redis.eval(textsOf, 0, ...ids)) !== wanted) return false;
  }
  return true;
}
