// Another right way: KEYS sorted through BigInt, SCAN by recursion, and a walk from the newest that reads on, a few at a
// time, until it has as many whole orders as it was asked for.
import type { Redis } from 'ioredis';

class LimitError extends RangeError {}

function decode(hash: Record<string, string>) {
  try {
    const need = (field: string) => {
      if (hash[field] === undefined) throw new Error(field);
      return hash[field];
    };
    const fields = Object.keys(hash).filter((name) => /^item_\d+_/.test(name));
    const numbers = [...new Set(fields.map((name) => Number(name.split('_')[1])))].sort((a, b) => a - b);
    const items = numbers.map((i) => ({
      productId: Number(need(`item_${i}_product_id`)),
      quantity: Number(need(`item_${i}_quantity`)),
    }));
    if (items.length < Number(need('items_count'))) return null;
    return {
      id: Number(need('id')),
      userId: Number(need('user_id')),
      totalAmount: need('total_amount'),
      items,
      ...(hash.created_at && { createdAt: new Date(hash.created_at) }),
    };
  } catch {
    return null;
  }
}

export const getOrderById = async ({ redis }: { redis: Redis }, id: number) =>
  decode(await redis.hgetall(`order:${id}`));

function sorted(keys: string[]): string[] {
  const ids = keys.flatMap((key) => (/^order:\d+$/.test(key) ? [BigInt(key.slice(6))] : []));
  return [...new Set(ids)].sort((a, b) => (a < b ? -1 : 1)).map((id) => `order:${id}`);
}

export const listOrderKeys = async ({ redis }: { redis: Redis }) => sorted(await redis.keys('order:*'));

async function walk(redis: Redis, count: number, cursor: number | string): Promise<string[]> {
  const [next, keys] = await redis.scan(cursor, 'COUNT', count, 'MATCH', 'order:*');
  return next === '0' ? keys : keys.concat(await walk(redis, count, next));
}

export const scanOrderKeys = async ({ redis }: { redis: Redis }, { count = 1000 } = {}) =>
  sorted(await walk(redis, count, 0));

export async function getOrdersFromRedis({ redis }: { redis: Redis }, { limit }: { limit: number }) {
  if (!Number.isInteger(limit) || limit < 0) throw Object.assign(new LimitError('limit'), { name: 'RangeError' });
  const found: NonNullable<ReturnType<typeof decode>>[] = [];
  const keys = limit > 0 ? (await scanOrderKeys({ redis })).reverse() : [];
  while (found.length < limit && keys.length > 0) {
    const some = keys.splice(0, limit - found.length);
    const replies = await redis.pipeline(some.map((key) => ['hgetall', key])).exec();
    for (const [error, hash] of replies ?? []) {
      if (error) throw error;
      const order = decode(hash as Record<string, string>);
      if (order) found.push(order);
    }
  }
  return found;
}
