// Another right way: ioredis's scanStream, HGETALLs sent together with Promise.all, items collected with a Map.
import type { Redis } from 'ioredis';

const toOrder = (hash: Record<string, string>) => {
  const items = new Map<number, { productId?: number; quantity?: number }>();
  for (const [field, value] of Object.entries(hash)) {
    const [, number, part] = field.match(/^item_([0-9]+)_(product_id|quantity)$/) ?? [];
    if (!number) continue;
    const item = items.get(+number) ?? {};
    item[part === 'quantity' ? 'quantity' : 'productId'] = +value;
    items.set(+number, item);
  }
  const sorted = [...items].sort(([a], [b]) => a - b).map(([, item]) => item);
  const whole = ['id', 'user_id', 'total_amount', 'items_count'].every((field) => field in hash);
  if (!whole || sorted.length < +hash.items_count! || sorted.some((item) => Object.keys(item).length < 2)) return null;
  return {
    id: +hash.id!,
    userId: +hash.user_id!,
    totalAmount: hash.total_amount!,
    items: sorted,
    createdAt: hash.created_at === undefined ? undefined : new Date(Date.parse(hash.created_at)),
  };
};

export async function getOrderById({ redis }: { redis: Redis }, id: number) {
  const hash = await redis.hgetall('order:' + id);
  return toOrder(hash);
}

const ascending = (keys: Iterable<string>) =>
  [...new Set(keys)]
    .map((key) => key.split(':'))
    .filter(({ length, 0: prefix, 1: id }) => length === 2 && prefix === 'order' && /^\d+$/.test(id!))
    .sort((a, b) => Number(a[1]) - Number(b[1]))
    .map((parts) => parts.join(':'));

export async function listOrderKeys({ redis }: { redis: Redis }) {
  return ascending(await redis.keys('order:[0-9]*'));
}

export async function scanOrderKeys({ redis }: { redis: Redis }, options: { count?: number } = {}) {
  const keys: string[] = [];
  const stream = redis.scanStream({ match: 'order:[1-9]*', count: options.count ?? 1000 });
  for await (const some of stream) keys.push(...(some as string[]));
  return ascending(keys);
}

export async function getOrdersFromRedis({ redis }: { redis: Redis }, { limit }: { limit: number }) {
  if (!(limit >= 0 && limit % 1 === 0)) throw new RangeError(`A limit of ${limit}?`);
  const keys = await scanOrderKeys({ redis });
  const newest = keys.slice(Math.max(0, keys.length - limit)).reverse();
  const hashes = await Promise.all(newest.map((key) => redis.hgetall(key)));
  return hashes.map(toOrder).filter((order) => order !== null);
}
