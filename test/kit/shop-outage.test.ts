// needs: answers
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { orderHashes, redisOrders } from '../../src/worlds/store/order-hash.ts';
import { type Gate, startGate } from './support/gate.ts';
import { dropSchema, openTestShop, type TestShop } from './support/open-shop.ts';
import { type RedisProcess, startRedisProcess } from './support/redis-process.ts';
import { hasWorkedAnswers, simpleLabs, type TestLabs } from './support/shop-labs.ts';
import { until } from './support/until.ts';

const schema = 'storelab_check_shop_outage';
let servers: Servers;
let redis: RedisProcess;
let gate: Gate;
let shop: TestShop;

let labs: TestLabs = {};
const open = async (options: Partial<Parameters<typeof openTestShop>[0]> = {}) => {
  const through = gate.address;
  shop = await openTestShop({
    schema,
    mysql: servers.mysql,
    redis: redis.address,
    through,
    labs,
    ...options,
  });
  return shop;
};

beforeAll(async () => {
  servers = await openServers();
  gate = await startGate(servers.mysql);
});
beforeEach(async () => {
  redis = await startRedisProcess();
  gate.open();
  gate.onRequest = undefined;
});
afterEach(async () => {
  await shop.close();
  await redis.close();
});
afterAll(async () => {
  gate.close();
  await dropSchema(servers.mysql, schema);
  await servers.close();
});

interface Answer {
  id: number;
  source: string;
  notice: string;
  in_redis: boolean;
  orders: { id: number }[];
  products: unknown[];
  users: unknown[];
  next: number | null;
}
const json = async (path: string) => (await shop.get(path)).json() as Promise<Answer>;
const add = async (quantity = 2, productId = 3) => {
  const order = { user_id: 1, items: [{ product_id: productId, quantity }] };
  const response = await shop.send('POST', '/api/orders', order);
  return { status: response.status, ...((await response.json()) as Answer) };
};
const remove = async (id: number) => {
  const response = await shop.send('DELETE', `/api/orders/${id}`);
  return { status: response.status, ...((await response.json()) as Answer) };
};

/** Redis and MySQL hold the same, to the last field, and both sources give the same reports. */
async function expectInSync(): Promise<void> {
  await shop.inSync();
  const held = await redisOrders(redis.client);
  for (const hash of held.values()) delete hash.created_at;
  expect(held).toEqual(await orderHashes(shop.mysql));
  const reports = async () =>
    Promise.all(['highest_spenders', 'best_sellers'].map((name) => json(`/api/orders/reports/${name}`)));
  const [spenders, sellers] = await reports();
  expect([spenders!.source, sellers!.source]).toEqual(['redis', 'redis']);
  const [users] = await shop.mysql.query(
    'SELECT user_id, SUM(total_amount) AS spent FROM orders GROUP BY 1 ORDER BY spent DESC, user_id LIMIT 10',
  );
  expect(spenders!.users).toEqual(users);
  const [products] = await shop.mysql.query(
    `SELECT product_id, CAST(SUM(quantity) AS SIGNED) AS sold, MAX(p.name) AS name FROM order_items
     JOIN products p ON p.id = product_id GROUP BY 1 ORDER BY sold DESC, product_id LIMIT 10`,
  );
  expect(sellers!.products).toEqual(products);
}

const editions: [string, TestLabs][] = [['simple labs', {}]];
if (hasWorkedAnswers) editions.push(['the worked answers', { worked: true }]);

describe('a write to Redis that fails after the commit', () => {
  it('marks Redis as behind, and the sync makes it good', async () => {
    let broken = true;
    await open({
      labs: {
        replace: {
          addOrderToRedis: async (...args: Parameters<typeof simpleLabs.addOrderToRedis>) => {
            if (broken) throw new Error('ERR out of luck');
            await simpleLabs.addOrderToRedis(...args);
          },
        },
      },
    });
    const added = await add();
    expect(added).toMatchObject({ status: 201, in_redis: false });
    expect(shop.syncStatus().why).toContain(
      'addOrderToRedis in labs/03-hset-mapping.ts threw: ERR out of luck',
    );
    expect((await json('/api/orders?limit=1')).orders[0]!.id).toBe(added.id);
    broken = false;
    await expectInSync();
  });

  it('between the order and its sale is made good too', async () => {
    let broken = true;
    await open({
      labs: {
        replace: {
          recordSale: async (...args: Parameters<typeof simpleLabs.recordSale>) => {
            if (broken) throw new Error('ERR crashed');
            await simpleLabs.recordSale(...args);
          },
        },
      },
    });
    // The rebuild of the simple labs records each sale: it has to work again for the sync.
    expect(await add(40)).toMatchObject({ in_redis: false });
    broken = false;
    await expectInSync();
  });

  it('by a lab that writes nonsense is never read: the shop says which order differs', async () => {
    await open({
      labs: {
        replace: {
          addOrderToRedis: ({ redis: client }: { redis: RedisProcess['client'] }, order: { id: number }) =>
            client.hset(`order:${order.id}`, { id: String(order.id), total_amount: 'much' }),
        },
      },
    });
    await redis.client.del('order:7');
    await redis.client.hdel('shop:sync', ...(await redis.client.hkeys('shop:sync')));
    await until(() => shop.syncStatus().why?.includes('order:7 differs') ?? false, 'it did not say which');
    expect((await json('/api/orders/7')).source).toBe('mysql');
  });
});

describe.each(editions)('on %s', (_name, edition) => {
  beforeEach(() => {
    labs = edition;
  });

  describe('Redis down', () => {
    it('is read from MySQL with a notice, is written to later, and is in sync before it is read again', async () => {
      await open();
      const there = await add();
      await redis.kill();
      const page = await shop.get('/orders');
      expect(page.status).toBe(200);
      expect(await page.text()).toMatch(/role="status">Pages come from MySQL, as Redis is not in sync/);
      const added = await add(5);
      expect(added).toMatchObject({ status: 201, in_redis: false });
      expect(await remove(there.id)).toMatchObject({ status: 200, in_redis: false });
      expect(await remove(1)).toMatchObject({ status: 200 });
      expect(await json('/api/orders?limit=1')).toMatchObject({
        source: 'mysql',
        orders: [{ id: added.id }],
      });
      for (const path of [
        '/orders/reports/highest_spenders',
        '/orders/reports/best_sellers',
        `/orders/${added.id}`,
      ])
        expect((await shop.get(path)).status).toBe(200);
      expect(await (await shop.get('/health')).json()).toMatchObject({
        status: 'degraded',
        mysql: 'up',
        redis: { state: 'behind' },
      });
      const form = await shop.form('/orders', { user_id: '1', product_id: '1', quantity: '1' });
      expect(form.headers.get('location')).toMatch(/&behind=1$/);

      await redis.start({ empty: true });
      await expectInSync();
      expect(await json('/api/orders?limit=1')).toMatchObject({ source: 'redis' });
    });

    it('comes back with what it held: what was deleted meanwhile is gone, what was added is there', async () => {
      await open();
      const there = await add();
      expect(await redis.client.exists(`order:${there.id}`, 'order:2')).toBe(2);
      await redis.kill();
      const added = await add(7);
      await remove(there.id);
      await remove(2);
      await shop.mysql.query('UPDATE orders SET total_amount = 1.00 WHERE id = 3');
      await redis.start();
      await expectInSync();
      expect(await redis.client.exists(`order:${there.id}`, 'order:2')).toBe(0);
      expect((await json(`/api/orders/${added.id}`)).source).toBe('redis');
    });

    it('is noticed when it is emptied, by a reader and without one', async () => {
      await open();
      await redis.client.flushall();
      // Whoever reads first gets everything, from one or the other.
      expect((await json('/api/orders?limit=100')).orders).toHaveLength(30);
      await expectInSync();
      await redis.client.flushall();
      await until(async () => (await redis.client.exists('order:1')) === 1, 'nobody noticed');
      await expectInSync();
    });

    it('is noticed when it hangs: a page waits seconds at most, and a write is not lost', async () => {
      await open();
      redis.freeze(true);
      const [page, added] = await Promise.all([json('/api/orders?limit=1'), add(3)]);
      expect(page.source).toBe('mysql');
      expect(added).toMatchObject({ status: 201, in_redis: false });
      await remove(5);
      redis.freeze(false);
      await expectInSync();
    });

    it('at the start lets the shop open, which reads Redis as soon as it is there', async () => {
      await redis.kill();
      await open();
      expect((await json('/api/orders')).source).toBe('mysql');
      await redis.start({ empty: true });
      await expectInSync();
    });

    it('holds at the start what was true yesterday: the shop syncs it before it listens', async () => {
      await open();
      const { id } = await add();
      await shop.close();
      await open({ keepData: true });
      await shop.close();
      const other = await openTestShop({
        schema,
        mysql: servers.mysql,
        redis: redis.address,
        keepData: true,
      });
      await other.mysql.query('DELETE FROM orders WHERE id = ?', [id]);
      await other.mysql.query('DELETE FROM orders WHERE id = 8');
      await other.redis.del('order:9');
      await other.redis.hset('order:10', 'item_7_quantity', '1');
      await other.redis.hset('order:6', 'total_amount', '0.3');
      await other.redis.zadd('orders:index', 8, '8', 9, '9');
      await other.close();
      await open({ keepData: true });
      expect(shop.syncStatus()).toEqual({ state: 'in-sync', since: expect.any(Date), why: null });
      await expectInSync();
      const [ids] = await shop.mysql.query('SELECT id FROM orders ORDER BY id');
      expect(await redis.client.zrange('orders:index', '0', '-1')).toEqual(
        (ids as { id: number }[]).map(({ id }) => `${id}`),
      );
    });
  });

  describe('orders at the same time', () => {
    it('are all there once, in both, with exact totals, while others are deleted', async () => {
      await open();
      const first = await Promise.all(Array.from({ length: 20 }, (_, i) => add(1 + (i % 5), 1 + (i % 6))));
      const second = await Promise.all([
        ...Array.from({ length: 20 }, (_, i) => add(1 + (i % 7), 1 + (i % 5))),
        ...first.map(({ id }) => remove(id)),
        ...first.map(({ id }) => remove(id)),
      ]);
      const statuses = second.map(({ status }) => status);
      expect(statuses.filter((status) => status === 201)).toHaveLength(20);
      expect(statuses.filter((status) => status === 200)).toHaveLength(20);
      expect(statuses.filter((status) => status === 404)).toHaveLength(20);
      const [wrong] = await shop.mysql.query(
        `SELECT o.id FROM orders o WHERE total_amount <> (SELECT COALESCE(SUM(quantity * unit_price), 0)
       FROM order_items WHERE order_id = o.id)`,
      );
      expect(wrong).toEqual([]);
      expect(shop.syncStatus().state).toBe('in-sync');
      await expectInSync();
    });

    it('while Redis dies and comes back, again and again, end in sync', async () => {
      await open();
      let over = false;
      const own: number[] = [];
      const customer = async () => {
        while (!over) {
          own.push((await add(1)).id);
          if (own.length > 3) await remove(own.shift()!);
        }
      };
      const customers = Promise.all([customer(), customer(), customer()]);
      try {
        for (const empty of [false, true, false]) {
          await redis.kill();
          await until(() => shop.syncStatus().state === 'behind', 'its death went unnoticed');
          await redis.start({ empty });
          await shop.inSync();
        }
        await redis.client.flushall();
        await until(() => shop.syncStatus().state !== 'in-sync', 'its emptiness went unnoticed');
      } finally {
        over = true;
        await customers;
      }
      await expectInSync();
    });
  });

  describe('MySQL down', () => {
    it('gives 503 and a time to retry, and pages from Redis still', async () => {
      await open();
      gate.shut();
      expect(await json('/api/orders?limit=2')).toMatchObject({ source: 'redis' });
      for (const path of [
        '/',
        '/orders',
        '/orders/1',
        '/orders/reports/highest_spenders',
        '/orders/reports/best_sellers',
      ])
        expect([path, (await shop.get(path)).status]).toEqual([path, 200]);
      expect(await (await shop.get('/orders/reports/best_sellers')).text()).toContain('Rocket sticker');
      const before = await shop.contents();
      const order = { user_id: 1, items: [{ product_id: 1, quantity: 1 }] };
      for (const response of [
        await shop.get('/users'),
        await shop.get('/products'),
        await shop.get('/api/users'),
        await shop.get('/api/orders?before=20'),
        await shop.get('/health'),
        await shop.send('POST', '/api/orders', order),
        await shop.send('DELETE', '/api/orders/1'),
        await shop.send('POST', '/api/users', { name: 'A', email: 'a@example.com' }),
        await shop.send('POST', '/api/products', { name: 'A', sku: 'A', price: '1.00' }),
        await shop.form('/orders', { user_id: '1', product_id: '1', quantity: '1' }),
      ]) {
        expect([response.url, response.status]).toEqual([response.url, 503]);
        expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect(await shop.contents()).toBe(before);
      gate.open();
      expect((await shop.get('/users')).status).toBe(200);
      expect((await add()).status).toBe(201);
      await expectInSync();
    });

    it('and Redis too is a 503, not a lie', async () => {
      await open();
      gate.shut();
      await redis.kill();
      const page = await shop.get('/orders');
      expect(page.status).toBe(200);
      expect(await page.text()).toMatch(/role="alert">MySQL does not answer/);
      expect((await shop.get('/api/orders')).status).toBe(503);
      gate.open();
      await redis.start({ empty: true });
      await expectInSync();
    });

    for (const [what, change] of [
      ['an order', () => add()],
      ['a deletion', () => remove(1)],
    ] as const)
      it(`during the COMMIT of ${what} is told as unknown, and Redis follows what really happened`, async () => {
        await open();
        gate.onRequest = (bytes) => bytes.includes('COMMIT');
        const { status } = await change();
        expect(status).toBe(503);
        gate.onRequest = undefined;
        const [[{ n }]] = (await shop.mysql.query('SELECT COUNT(*) AS n FROM orders')) as unknown as [
          [{ n: number }],
        ];
        expect(n).not.toBe(30);
        await expectInSync();
        expect((await json('/api/orders?limit=100')).orders).toHaveLength(n);
      });
  });
});
