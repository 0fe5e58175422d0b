// needs: answers
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LabFunction } from '../../apps/store/labs/shop-labs.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { PrivateRedis, Servers } from '../../kit/servers/servers.ts';
import { dropSchema, openTestShop, type TestShop } from './support/open-shop.ts';

const schema = 'storelab_check_shop_pages';
let servers: Servers;
let redis: PrivateRedis;
let shop: TestShop;

const open = async (labs: Parameters<typeof openTestShop>[0]['labs'] = {}) => {
  await redis.flush();
  shop = await openTestShop({ schema, mysql: servers.mysql, redis: redis.address, labs });
  return shop;
};

beforeAll(async () => {
  servers = await openServers();
  redis = await servers.startRedis();
});
afterEach(() => shop.close());
afterAll(async () => {
  await dropSchema(servers.mysql, schema);
  await servers.close();
});

const text = async (path: string) => (await shop.get(path)).text();
interface Answer {
  orders: { id: number }[];
  users: { id: number; name: string }[];
  products: { id: number; product_id: number }[];
  next: number | null;
}
const json = async (path: string) => (await shop.get(path)).json() as Promise<Answer>;
const newest = async () => (await json('/api/orders?limit=1')).orders[0]!;

const paths = [
  '/',
  '/users',
  '/products',
  '/orders',
  '/orders?before=20',
  '/orders/1',
  '/orders/reports/highest_spenders',
  '/orders/reports/best_sellers',
];

describe('pages', () => {
  it('are served, with a title, a language, a viewport, a skip link and no script', async () => {
    await open();
    for (const path of paths) {
      const page = await shop.get(path);
      expect([path, page.status]).toEqual([path, 200]);
      const body = await page.text();
      expect(body).toMatch(
        /<html lang="en">[\s\S]*width=device-width[\s\S]*<title>[^<]+<\/title>[\s\S]*href="#main"/,
      );
      expect(body).not.toMatch(/<script|<[^>]+\son\w+=|<[^>]+\sstyle=|javascript:/i);
      const policy = page.headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|upgrade-insecure-requests/);
    }
  });

  it('have a label for each input, and ids that are there once', async () => {
    await open();
    for (const path of ['/orders', '/users', '/products']) {
      const body = await text(path);
      const ids = [...body.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
      expect(new Set(ids).size).toBe(ids.length);
      const labels = new Set([...body.matchAll(/<label for="([^"]+)"/g)].map(([, id]) => id!));
      const inputs = [...body.matchAll(/<(?:input|select) id="([^"]+)"/g)].map(([, id]) => id!);
      expect(inputs.length).toBeGreaterThan(1);
      for (const input of inputs) expect(labels).toContain(input);
    }
  });

  it('escape what they show', async () => {
    await open();
    const nasty = `<script>alert("1")</script>'&`;
    await shop.form('/users', { name: nasty, email: 'nasty@example.com' });
    await shop.form('/products', { name: nasty, sku: 'NASTY', price: '1000.00' });
    const user = (await json('/api/users?limit=200')).users;
    const product = (await json('/api/products?limit=200')).products;
    expect(user.at(-1)!.name).toBe(nasty);
    await shop.send('POST', '/api/orders', {
      user_id: user.at(-1)!.id,
      items: [{ product_id: product.at(-1)!.id, quantity: 1000 }],
    });
    for (const path of [...paths, `/orders/${(await newest()).id}`]) {
      const body = await text(path);
      expect([path, body.includes('<script')]).toEqual([path, false]);
    }
    expect(await text('/orders')).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;');
    expect(await text('/orders?done=order&id=<b>')).not.toContain('<b>');
    const refused = await shop.form('/users', { name: '', email: '"><script>x</script>' });
    expect(refused.status).toBe(400);
    expect(await refused.text()).not.toContain('<script');
  });

  it('page through every order once, newest first', async () => {
    await open();
    const seen: number[] = [];
    let before = '';
    for (;;) {
      const page = await json(`/api/orders?limit=7${before}`);
      seen.push(...page.orders.map(({ id }) => id));
      if (page.next === null) break;
      before = `&before=${page.next}`;
    }
    const [rows] = await shop.mysql.query('SELECT id FROM orders ORDER BY id DESC');
    expect(seen).toEqual((rows as { id: number }[]).map(({ id }) => id));
    expect(await text('/orders?limit=7')).toContain(`href="/orders?before=${seen[6]}&amp;limit=7"`);
  });
});

describe('forms', () => {
  it('add an order of several items, which both reports then count, and delete it again', async () => {
    await open();
    const sold = async () => (await json('/api/orders/reports/best_sellers')).products;
    const spent = async () => (await json('/api/orders/reports/highest_spenders')).users;
    const before = [await sold(), await spent()];
    const added = await shop.form('/orders', [
      ['user_id', '3'],
      ['product_id', '3'],
      ['quantity', '900'],
      ['product_id', ''],
      ['quantity', '1'],
      ['product_id', '5'],
      ['quantity', '1'],
    ]);
    expect(added.status).toBe(303);
    expect(added.headers.get('location')).toMatch(/^\/orders\?done=order&id=\d+$/);
    const { id } = await newest();
    expect(await text(added.headers.get('location')!)).toContain(`Order ${id} is recorded.`);
    expect(await shop.redis.hgetall(`order:${id}`)).toMatchObject({
      total_amount: '26991.10',
      items_count: '2',
      item_0_quantity: '900',
      item_1_product_id: '5',
    });
    const [rows] = await shop.mysql.query('SELECT total_amount FROM orders WHERE id = ?', [id]);
    expect(rows).toEqual([{ total_amount: '26991.10' }]);
    expect((await sold())[0]).toMatchObject({ product_id: 3, name: 'Mouse' });
    expect(await spent()).not.toEqual(before[1]);

    const deleted = await shop.form(`/orders/${id}`, {}, `/orders/${id}/delete`);
    expect(deleted.headers.get('location')).toBe(`/orders?done=deleted&id=${id}`);
    expect([await sold(), await spent()]).toEqual(before);
    expect((await shop.get(`/orders/${id}`)).status).toBe(404);
    expect(await shop.redis.exists(`order:${id}`)).toBe(0);
  });

  it('keep what was typed when it is refused, and say why', async () => {
    await open();
    const refused = await shop.form('/orders', { user_id: '2', product_id: '3', quantity: '0' });
    const body = await refused.text();
    expect(refused.status).toBe(400);
    expect(body).toMatch(/role="alert">The quantity must be at least 1/);
    expect(body).toMatch(/<option value="2" selected>/);
    expect(body).toMatch(/<option value="3" selected>/);
    expect(body).toMatch(/value="0" aria-invalid="true"/);
    const taken = await shop.form('/users', { name: 'Ada', email: 'ADA@example.com' });
    expect(taken.status).toBe(409);
    expect(await taken.text()).toMatch(/name="name" type="text" value="Ada"/);
  });

  it('grow by a line without recording anything', async () => {
    await open();
    const before = await shop.contents();
    const more = await shop.form('/orders', { user_id: '2', product_id: '3', quantity: '4', more: '1' });
    expect(more.status).toBe(200);
    expect((await more.text()).match(/name="product_id"/g)).toHaveLength(2);
    expect(await shop.contents()).toBe(before);
  });

  it('are refused without their token, or with that of another visitor', async () => {
    await open();
    const before = await shop.contents();
    const page = await shop.get('/orders');
    const token = /name="_csrf" value="([^"]+)"/.exec(await page.text())![1]!;
    const cookie = page.headers.get('set-cookie')!;
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);
    const other = (await shop.get('/orders')).headers.get('set-cookie')!.split(';')[0]!;
    const own = cookie.split(';')[0]!;
    const send = (to: string, headers: Record<string, string>, fields: Record<string, string>) =>
      fetch(`${shop.url}${to}`, { method: 'POST', headers, body: new URLSearchParams(fields) });
    const order = { user_id: '1', product_id: '1', quantity: '1' };
    for (const [headers, fields] of [
      [{}, order],
      [{ cookie: own }, order],
      [{ cookie: own }, { ...order, _csrf: 'x' }],
      [{ cookie: other }, { ...order, _csrf: token }],
    ] as const)
      for (const to of ['/orders', '/users', '/products', '/orders/1/delete'])
        expect([to, (await send(to, headers, fields)).status]).toEqual([to, 403]);
    expect(await shop.contents()).toBe(before);
  });
});

describe('a lab that is not solved', () => {
  const shows = async (path: string, lab: string, yes = true) => {
    const body = await text(path);
    expect([path, body.includes(`./lab ${lab}`)]).toEqual([path, yes]);
    return body;
  };
  const without = (...stubs: LabFunction[]) => open({ stubs });

  it('01 shows its question in place of orders and reports', async () => {
    await without('startStoreManager', 'syncAllOrdersToRedis');
    const body = await shows('/orders', '01');
    expect(body).toContain('which method triggers the initial synchronisation');
    expect(body).not.toContain('<table');
    for (const report of ['highest_spenders', 'best_sellers']) await shows(`/orders/reports/${report}`, '01');
    await shows('/users', '01', false);
    expect((await shop.get('/api/orders')).status).toBe(501);
  });

  it('02 shows its question in place of orders, and the reports go on', async () => {
    await without('getOrdersFromRedis', 'getOrderById');
    await shows('/orders', '02');
    await shows('/orders/1', '02');
    expect((await shop.get('/orders/reports/best_sellers')).status).toBe(200);
    expect(await (await shop.get('/api/orders')).json()).toMatchObject({
      error: { code: 'LAB_NOT_SOLVED', lab: { id: '02-read-orders', next: './lab 02' } },
    });
  });

  it('03 shows its question in place of the form, and changes nothing', async () => {
    await without('addOrderToRedis');
    const before = await shop.contents();
    expect(await shows('/orders', '03')).not.toContain('name="product_id"');
    const sent = await shop.send('POST', '/api/orders', {
      user_id: 1,
      items: [{ product_id: 1, quantity: 1 }],
    });
    expect(sent.status).toBe(501);
    expect(await shop.contents()).toBe(before);
  });

  it('04 shows its question in place of the button, and changes nothing', async () => {
    await without('deleteOrderFromRedis');
    const before = await shop.contents();
    expect(await shows('/orders/1', '04')).not.toContain('<button');
    expect((await shop.send('DELETE', '/api/orders/1')).status).toBe(501);
    expect(await shop.contents()).toBe(before);
  });

  it('05 shows its question in place of the report that needs it; orders go on without', async () => {
    await without('recordSale', 'rebuildSales', 'getBestSellers');
    expect((await shop.get('/orders/reports/best_sellers')).status).toBe(501);
    await shows('/orders/reports/best_sellers', '05');
    expect((await shop.get('/orders/reports/highest_spenders')).status).toBe(200);
    const sent = await shop.send('POST', '/api/orders', {
      user_id: 1,
      items: [{ product_id: 1, quantity: 1 }],
    });
    expect([sent.status, await sent.json()]).toEqual([201, expect.objectContaining({ in_redis: true })]);
  });

  it('is named on the first page', async () => {
    await without('addOrderToRedis');
    const body = await text('/');
    expect(body).toContain('to write: addOrderToRedis</span> <code>./lab 03</code>');
    expect(body.match(/class="written"/g)).toHaveLength(4);
  });
});

describe('a lab that fails', () => {
  it('is named with what it threw, and Redis is not blamed', async () => {
    await open({
      replace: {
        getOrdersFromRedis: async () => {
          throw new TypeError("Cannot read properties of undefined (reading '<id>')");
        },
      },
    });
    const body = await text('/orders');
    expect(body).toContain('getOrdersFromRedis in labs/02-read-orders.ts threw: Cannot read properties');
    expect(body).toContain('./lab check 02');
    expect(shop.syncStatus().state).toBe('in-sync');
  });

  it('is named where it gives something else than it should', async () => {
    await open({
      replace: {
        getOrdersFromRedis: async () => [{ id: 1, userId: 1, totalAmount: 19.99, items: [] }],
        getOrderById: async () => undefined,
      },
    });
    expect(await text('/orders')).toContain('(at [0].totalAmount)');
    expect(await text('/orders/1')).toContain('resolved to undefined. Is a `return` missing?');
  });

  it('that starts the shop never, twice or after a throw still lets it open', async () => {
    const starts = [
      async () => ({ attempts: 1, orders: 1, warning: null }),
      async (_: unknown, { listen }: { listen(): Promise<void> }) => {
        await Promise.all([listen(), listen()]);
      },
      async () => {
        throw new Error('nope');
      },
    ];
    for (const [i, startStoreManager] of starts.entries()) {
      await open({ replace: { startStoreManager } });
      expect([i, (await shop.get('/orders')).status]).toEqual([i, 200]);
      if (i < starts.length - 1) await shop.close();
    }
    expect(shop.said.join()).toContain('threw: nope');
  });
});
