import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generateStatements, sizeOf } from '../../src/worlds/store/generate.ts';
import { generateOrders } from '../../src/worlds/store/generate-orders.ts';
import { toCents } from '../../src/worlds/store/money.ts';
import { seededRandom, zipf } from '../../src/worlds/store/random.ts';

function digest(options: Parameters<typeof generateStatements>[0]): string {
  const hash = createHash('sha256');
  for (const { sql } of generateStatements(options)) hash.update(sql);
  return hash.digest('hex').slice(0, 16);
}

const products = Array.from({ length: 50 }, (_, index) => ({ id: index + 1, cents: 10 * index + 5 }));
const users = Array.from({ length: 40 }, (_, index) => index + 1);
const source = { count: 5000, firstOrderId: 12, firstItemId: 23, users, products };

describe('generateStatements()', () => {
  it('gives the same data for the same seed, on every machine', () => {
    expect(digest({ orders: 10_000, seed: 7 })).toBe('5167ee2eea6d518b');
  });

  it('gives other data for another seed', () => {
    expect(digest({ orders: 200, seed: 1 })).not.toBe(digest({ orders: 200, seed: 2 }));
  });

  it.each([0, 10, 11, 100, 2500])('makes exactly the rows of %d orders', (orders) => {
    const rows = { users: 0, products: 0, orders: 0, order_items: 0 };
    for (const { table, rows: count, sql } of generateStatements({ orders, rowsPerStatement: 100 })) {
      rows[table] += count;
      expect(sql.split('\n')).toHaveLength(count + 1);
    }
    const { order_items, ...counted } = rows;
    expect(counted).toEqual(sizeOf(orders));
    expect(order_items).toBeGreaterThanOrEqual(22);
  });
});

describe('generateOrders()', () => {
  const made = [...generateOrders(seededRandom(3), source)];

  it('makes totals that are the exact sum of their items', () => {
    for (const { order, items } of made) {
      const cents = items.reduce((sum, item) => sum + (item[3] as number) * toCents(item[4] as string), 0);
      expect(toCents(order[2] as string)).toBe(cents);
    }
  });

  it('makes 2.5 items an order on average, each product once', () => {
    const items = made.reduce((sum, order) => sum + order.items.length, 0);
    expect(items / made.length).toBeGreaterThan(2.4);
    expect(items / made.length).toBeLessThan(2.6);
    for (const order of made)
      expect(new Set(order.items.map((item) => item[2])).size).toBe(order.items.length);
  });

  it('numbers orders and items without gaps, in the order of their times', () => {
    expect(made.map(({ order }) => order[0])).toEqual(made.map((_, index) => 12 + index));
    const items = made.flatMap((order) => order.items.map((item) => item[0]));
    expect(items).toEqual(items.map((_, index) => 23 + index));
    const times = made.map(({ order }) => order[3] as string);
    expect(times).toEqual([...times].sort());
  });

  it('lets few products take most of the sales', () => {
    const sold = new Map<number, number>();
    for (const { items } of made)
      for (const item of items) sold.set(item[2] as number, (sold.get(item[2] as number) ?? 0) + 1);
    const counts = [...sold.values()].sort((a, b) => b - a);
    const all = counts.reduce((sum, count) => sum + count, 0);
    expect(counts.slice(0, 10).reduce((sum, count) => sum + count, 0) / all).toBeGreaterThan(0.5);
  });
});

describe('zipf()', () => {
  it('draws the first twice as often as the second and ten times as often as the tenth', () => {
    const draw = zipf(
      seededRandom(11),
      Array.from({ length: 100 }, (_, index) => index),
    );
    const counts = new Array<number>(100).fill(0);
    for (let draws = 0; draws < 200_000; draws++) counts[draw()]! += 1;
    expect(counts[0]! / counts[1]!).toBeCloseTo(2, 0);
    expect(counts[0]! / counts[9]!).toBeGreaterThan(9);
    expect(counts[0]! / counts[9]!).toBeLessThan(11);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });
});

describe('sizeOf()', () => {
  it.each([
    [100, { orders: 100, users: 20, products: 20 }],
    [10_000, { orders: 10_000, users: 500, products: 200 }],
    [1_000_000, { orders: 1_000_000, users: 20_000, products: 1000 }],
    [3, { orders: 10, users: 6, products: 8 }],
  ])('of %d orders', (orders, size) => {
    expect(sizeOf(orders)).toEqual(size);
  });

  it.each([-1, 1.5, Number.NaN, 1e9])('refuses %d', (orders) => {
    expect(() => sizeOf(orders)).toThrow(RangeError);
  });
});
