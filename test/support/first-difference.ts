import type { Redis } from 'ioredis';
import type { Connection } from 'mysql2/promise';
import { type OrderHash, orderHashes, redisOrders } from '../../src/worlds/store/order-hash.ts';

export interface Difference {
  /** `order:7` */
  key: string;
  /** Its hash, or `no such key`. */
  expected: OrderHash | string;
  got: OrderHash | string;
}

/** An amount that is there is as good as any other: whether it is exact is for the check on money. */
const butMoney = (hash: OrderHash): string =>
  JSON.stringify(hash.total_amount ? { ...hash, total_amount: 'there' } : hash);

/**
 * The first difference between the orders that Redis holds and those of MySQL, amounts apart; undefined where there is
 * none. Orders in `gone` were cancelled in MySQL: Redis may have them or not.
 *
 * @example const different = await firstDifference(mysql, redis, { gone: [3, 7] })
 */
export async function firstDifference(
  mysql: Connection,
  redis: Redis,
  { schema, gone = [] }: { schema?: string; gone?: readonly number[] } = {},
): Promise<Difference | undefined> {
  const [wanted, there] = await Promise.all([orderHashes(mysql, schema), redisOrders(redis)]);
  for (const [key, expected] of wanted) {
    const got = there.get(key);
    if (!got) return { key, expected, got: 'no such key' };
    if (butMoney(expected) !== butMoney(got)) return { key, expected, got };
  }
  const mayStay = new Set(gone.map((id) => `order:${id}`));
  const extra = [...there].find(([key]) => !wanted.has(key) && !mayStay.has(key));
  return extra && { key: extra[0], expected: 'no such key', got: extra[1] };
}
