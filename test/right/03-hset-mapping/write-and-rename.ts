// Another right way: the new hash is made under another key and put in place by RENAME, all in one transaction that is
// written out command by command in a pipeline, whose every reply is looked at.
import type { Redis } from 'ioredis';

type Pair = [string, string];

function* pairsOf(order: any): Generator<Pair> {
  const { id, userId, totalAmount, items, createdAt } = order;
  if (!Array.isArray(items)) throw new TypeError(`items ${items}`);
  for (const value of [id, userId, ...items.flatMap((item: any) => [item.productId, item.quantity])]) {
    if (!Number.isSafeInteger(value) || value <= 0) throw new TypeError(`${value} is not a whole number from 1 on`);
  }
  if (typeof totalAmount !== 'string' || !/^\d+([.]\d+)?$/.test(totalAmount)) throw new TypeError(`amount ${totalAmount}`);
  yield ['items_count', `${items.length}`];
  for (let i = 0; i < items.length; i++) {
    yield [`item_${i}_quantity`, `${items[i].quantity}`];
    yield [`item_${i}_product_id`, `${items[i].productId}`];
  }
  if (createdAt !== undefined && !Number.isFinite(createdAt?.getTime?.())) throw new TypeError(`date ${createdAt}`);
  if (createdAt) yield ['created_at', createdAt.toISOString()];
  yield ['total_amount', totalAmount];
  yield ['user_id', `${userId}`];
  yield ['id', `${id}`];
}

export async function addOrderToRedisFieldByField({ redis }: { redis: Redis }, order: any) {
  const pairs = [...pairsOf(order)];
  for (const pair of pairs) await redis.hset(`order:${order.id}`, ...pair);
}

export async function addOrderToRedis({ redis }: { redis: Redis }, order: any) {
  const pairs = [...pairsOf(order)];
  const draft = `draft:${order.id}`;
  const commands = [['multi'], ['del', draft], ['hset', draft, ...pairs.flat()], ['rename', draft, `order:${order.id}`], ['exec']];
  const replies = (await redis.pipeline(commands as any).exec()) ?? [];
  for (const [error] of replies) if (error) throw error;
  const done = replies.at(-1)![1] as unknown[];
  for (const reply of done) if (reply instanceof Error) throw reply;
}
