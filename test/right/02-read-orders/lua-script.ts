// Another right way: one Lua script reads the newest through the index, and SCANs (TYPE hash) where there is none.
import type { Redis } from 'ioredis';

const newest = `
local out = {}
for _, id in ipairs(redis.call('ZREVRANGE', KEYS[1], 0, ARGV[1] - 1)) do
  out[#out + 1] = redis.call('HGETALL', 'order:' .. id)
end
return out`;

const pairs = (flat: string[]) => {
  const hash: Record<string, string> = {};
  for (let i = 0; i < flat.length; i += 2) hash[flat[i]!] = flat[i + 1]!;
  return hash;
};

function read(hash: Record<string, string>) {
  const { id, user_id: userId, total_amount: totalAmount, items_count: count, created_at: created } = hash;
  if (id === undefined || userId === undefined || totalAmount === undefined || count === undefined) return null;
  const items: { productId: number; quantity: number }[] = [];
  let fields = 0;
  for (let i = 0; ; i++) {
    const [product, quantity] = [hash[`item_${i}_product_id`], hash[`item_${i}_quantity`]];
    if (product === undefined || quantity === undefined) break;
    fields += 2;
    items.push({ productId: parseInt(product, 10), quantity: parseInt(quantity, 10) });
  }
  const all = Object.keys(hash).filter((field) => field.startsWith('item_')).length;
  if (all !== fields || items.length < parseInt(count, 10)) return null;
  const order = { id: parseInt(id, 10), userId: parseInt(userId, 10), totalAmount, items };
  return created ? { ...order, createdAt: new Date(created) } : order;
}

export async function getOrderById({ redis }: { redis: Redis }, id: number) {
  const flat = (await redis.eval("return redis.call('HGETALL', KEYS[1])", 1, `order:${id}`)) as string[];
  return read(pairs(flat));
}

const pattern = /^order:([1-9][0-9]*)$/;
const byId = (a: string, b: string) => parseInt(a.slice(6), 10) - parseInt(b.slice(6), 10);

export async function listOrderKeys({ redis }: { redis: Redis }) {
  return (await redis.keys('*')).filter((key) => pattern.test(key)).sort(byId);
}

export async function scanOrderKeys({ redis }: { redis: Redis }, { count = 1000 } = {}) {
  const keys: string[] = [];
  for (let cursor = '0', first = true; first || cursor !== '0'; first = false) {
    const [next, some] = await redis.scan(cursor, 'MATCH', 'order:*', 'COUNT', count, 'TYPE', 'hash');
    cursor = next;
    keys.push(...some.filter((key) => pattern.test(key)));
  }
  keys.sort(byId);
  return keys.filter((key, i) => key !== keys[i - 1]);
}

export async function getOrdersFromRedis({ redis }: { redis: Redis }, { limit }: { limit: number }) {
  if (limit < 0 || !Number.isSafeInteger(limit)) {
    const error = new Error('limit is a whole number from 0 on');
    error.name = 'RangeError';
    throw error;
  }
  if (limit === 0) return [];
  let hashes: Record<string, string>[];
  if (await redis.exists('orders:index')) {
    hashes = ((await redis.eval(newest, 1, 'orders:index', limit)) as string[][]).map(pairs);
  } else {
    const keys = (await scanOrderKeys({ redis })).sort((a, b) => byId(b, a)).slice(0, limit);
    const multi = redis.multi();
    for (const key of keys) multi.hgetall(key);
    const replies = await multi.exec();
    hashes = replies!.map(([error, hash]) => {
      if (error) throw error;
      return hash as Record<string, string>;
    });
  }
  return hashes.flatMap((hash) => read(hash) ?? []);
}
