// needs: answers
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { dropSchema, openTestShop, type TestShop } from './support/open-shop.ts';

const schema = 'storelab_check_shop_input';
let servers: Servers;
let shop: TestShop;
let before: string;

beforeAll(async () => {
  servers = await openServers();
  const redis = await servers.startRedis();
  shop = await openTestShop({ schema, mysql: servers.mysql, redis: redis.address });
});
beforeEach(async () => {
  before = await shop.contents();
});
afterAll(async () => {
  await shop.close();
  await dropSchema(servers.mysql, schema);
  await servers.close();
});

const item = (quantity: unknown, product_id: unknown = 1) => ({
  user_id: 1,
  items: [{ product_id, quantity }],
});

/** What is sent to POST /api/orders, and the code of the answer. */
const orders: [name: string, body: unknown, status: number, code: string][] = [
  ['an unknown product', item(1, 999), 422, 'UNKNOWN_PRODUCT'],
  ['an unknown user', { ...item(1), user_id: 999 }, 422, 'UNKNOWN_USER'],
  [
    'a known product and an unknown one',
    { user_id: 1, items: [...item(1).items, ...item(1, 999).items] },
    422,
    'UNKNOWN_PRODUCT',
  ],
  ['quantity 0', item(0), 400, 'INVALID_INPUT'],
  ['a negative quantity', item(-1), 400, 'INVALID_INPUT'],
  ['a fraction', item(1.5), 400, 'INVALID_INPUT'],
  ['1e9', item(1e9), 400, 'INVALID_INPUT'],
  ['1001', item(1001), 400, 'INVALID_INPUT'],
  ['a quantity of text', item('1'), 400, 'INVALID_INPUT'],
  ['a quantity of null', item(null), 400, 'INVALID_INPUT'],
  ['no quantity', item(undefined), 400, 'INVALID_INPUT'],
  ['a quantity that is a list', item([1]), 400, 'INVALID_INPUT'],
  [
    '1e999, which is Infinity',
    '{"user_id":1,"items":[{"product_id":1,"quantity":1e999}]}',
    400,
    'INVALID_INPUT',
  ],
  ['a product of text', item(1, '1 OR 1=1'), 400, 'INVALID_INPUT'],
  ['a product of 2^53', item(1, 2 ** 53), 400, 'INVALID_INPUT'],
  ['a product beyond the column', item(1, 4_294_967_296), 400, 'INVALID_INPUT'],
  ['an object where MySQL wants a value', item(1, { id: 1 }), 400, 'INVALID_INPUT'],
  ['no items', { user_id: 1, items: [] }, 400, 'INVALID_INPUT'],
  ['items that are no list', { user_id: 1, items: {} }, 400, 'INVALID_INPUT'],
  ['51 items', { user_id: 1, items: Array(51).fill(item(1).items[0]) }, 400, 'INVALID_INPUT'],
  ['a field nobody asked for', { ...item(1), total_amount: '0.01' }, 400, 'INVALID_INPUT'],
  [
    'a price of its own',
    { user_id: 1, items: [{ ...item(1).items[0], unit_price: '0.01' }] },
    400,
    'INVALID_INPUT',
  ],
  [
    'a total beyond the column',
    { user_id: 1, items: [{ product_id: 7, quantity: 101 }] },
    422,
    'ORDER_TOO_LARGE',
  ],
  ['a list', [], 400, 'INVALID_INPUT'],
  ['null', 'null', 400, 'INVALID_INPUT'],
  ['text', '"x"', 400, 'INVALID_INPUT'],
  ['__proto__', '{"__proto__":{"a":1},"user_id":1,"items":[]}', 400, ''],
  ['malformed JSON', '{"user_id":1,', 400, ''],
  ['an empty body', '', 400, 'FST_ERR_CTP_EMPTY_JSON_BODY'],
  [
    'a body of 1 MB',
    JSON.stringify({ ...item(1), note: 'x'.repeat(1_000_000) }),
    413,
    'FST_ERR_CTP_BODY_TOO_LARGE',
  ],
];

const ids = [
  '1 OR 1=1',
  '*',
  '../x',
  '0',
  '-1',
  '1.5',
  '1e3',
  '007',
  '99999999999',
  'order:1',
  "1'--",
  '１',
  ' 1',
  '%00',
];

const long = (length: number) => 'x'.repeat(length);

const users: [name: string, body: Record<string, unknown>, status: number][] = [
  ['an email that is taken', { name: 'A', email: 'ada@example.com' }, 409],
  ['the same email in capitals', { name: 'A', email: 'ADA@EXAMPLE.COM' }, 409],
  ['an empty name', { name: '', email: 'new@example.com' }, 400],
  ['a name of blanks', { name: ' \t ', email: 'new@example.com' }, 400],
  ['a name too long', { name: long(101), email: 'new@example.com' }, 400],
  ['a name of control characters', { name: 'A\u0000B', email: 'new@example.com' }, 400],
  ['a name of half a character', { name: '\ud83d', email: 'new@example.com' }, 400],
  ['an email too long', { name: 'A', email: `${long(190)}@example.com` }, 400],
  ['an email without a domain', { name: 'A', email: 'new@' }, 400],
  ['an email of two lines', { name: 'A', email: 'a@example.com\nb@example.com' }, 400],
  ['a name that is no text', { name: 7, email: 'new@example.com' }, 400],
];

const products: [name: string, body: Record<string, unknown>, status: number][] = [
  ['a SKU that is taken', { name: 'A', sku: 'LAP-001', price: '1.00' }, 409],
  ['an empty name', { name: '', sku: 'NEW', price: '1.00' }, 400],
  ['a name too long', { name: long(151), sku: 'NEW', price: '1.00' }, 400],
  ['a SKU with blanks', { name: 'A', sku: 'N W', price: '1.00' }, 400],
  ['a price of 0', { name: 'A', sku: 'NEW', price: '0.00' }, 400],
  ['a negative price', { name: 'A', sku: 'NEW', price: '-1.00' }, 400],
  ['a price of three places', { name: 'A', sku: 'NEW', price: '1.001' }, 400],
  ['a price too high', { name: 'A', sku: 'NEW', price: '100000000.00' }, 400],
  ['a price with a comma', { name: 'A', sku: 'NEW', price: '1,00' }, 400],
  ['a price that is a float', { name: 'A', sku: 'NEW', price: 1.1 }, 400],
  ['a price of NaN', { name: 'A', sku: 'NEW', price: 'NaN' }, 400],
];

/** A refusal that says why and changed nothing. */
async function refused(response: Response, status: number, code?: string): Promise<void> {
  const text = await response.text();
  expect(response.status, text).toBe(status);
  if (response.headers.get('content-type')?.includes('json')) {
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    expect(error.message.length).toBeGreaterThan(10);
    expect(text).not.toMatch(/\bat .*\.[tj]s:\d|SELECT|INSERT/);
    if (code) expect(error.code).toBe(code);
  } else expect(text).toMatch(/class="problem"/);
  expect(await shop.contents()).toBe(before);
}

describe('POST /api/orders', () => {
  for (const [name, body, status, code] of orders)
    it(`refuses ${name}`, async () => refused(await shop.send('POST', '/api/orders', body), status, code));

  it('names the field', async () => {
    const response = await shop.send('POST', '/api/orders', item(0));
    expect(await response.json()).toEqual({
      error: {
        code: 'INVALID_INPUT',
        field: 'items[0].quantity',
        message: 'The quantity must be at least 1.',
      },
    });
  });

  it('refuses whatever is not sent as JSON, as a foreign page would have to', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
    ])
      await refused(
        await shop.send('POST', '/api/orders', JSON.stringify(item(1)), { 'content-type': type }),
        415,
      );
  });
});

describe('the form of an order', () => {
  for (const [name, fields] of [
    ['quantity 0', { user_id: '1', product_id: '1', quantity: '0' }],
    ['a fraction', { user_id: '1', product_id: '1', quantity: '1.5' }],
    ['1e9', { user_id: '1', product_id: '1', quantity: '1e9' }],
    ['words', { user_id: '1', product_id: '1', quantity: 'many' }],
    ['an empty quantity', { user_id: '1', product_id: '1', quantity: '' }],
    ['no product', { user_id: '1', product_id: '', quantity: '1' }],
    ['no user', { user_id: '', product_id: '1', quantity: '1' }],
    ['nothing at all', {}],
    ['an id with SQL', { user_id: '1 OR 1=1', product_id: '1', quantity: '1' }],
  ] as [string, Record<string, string>][])
    it(`refuses ${name}`, async () => refused(await shop.form('/orders', fields), 400));

  it('refuses an unknown product, and JSON', async () => {
    await refused(await shop.form('/orders', { user_id: '1', product_id: '999', quantity: '1' }), 422);
    await refused(await shop.send('POST', '/orders', item(1)), 415);
  });

  it('refuses a body of 1 MB', async () => {
    await refused(
      await shop.form('/orders', { user_id: '1', product_id: '1', quantity: long(1_000_000) }),
      413,
    );
  });
});

describe('an id in an address', () => {
  for (const id of ids)
    it(`refuses ${id}`, async () => {
      const path = encodeURIComponent(id);
      await refused(await shop.get(`/api/orders/${path}`), 400);
      await refused(await shop.get(`/orders/${path}`), 400);
      await refused(await shop.send('DELETE', `/api/orders/${path}`), 400);
      await refused(await shop.form('/orders', {}, `/orders/${path}/delete`), 400);
      await refused(await shop.get(`/api/orders?before=${path}`), 400);
      if (id !== '0') await refused(await shop.get(`/api/users?after=${path}`), 400);
    });

  it('refuses an order that is not there', async () => {
    for (const path of ['/api/orders/999', '/orders/999']) await refused(await shop.get(path), 404);
    await refused(await shop.send('DELETE', '/api/orders/999'), 404);
    await refused(await shop.send('DELETE', '/api/orders/4'), 404);
    await refused(await shop.get('/api/nowhere'), 404);
    await refused(await shop.get('/nowhere'), 404);
  });

  it('refuses limits that are none', async () => {
    for (const limit of ['0', '1001', '-5', 'x', '10&limit=20'])
      await refused(await shop.get(`/api/orders?limit=${limit}`), 400);
  });
});

describe('users and products', () => {
  for (const [name, body, status] of users)
    it(`refuse ${name}`, async () => {
      await refused(await shop.send('POST', '/api/users', body), status);
      // A form's own encoding leaves no half characters.
      if (typeof body.name === 'string' && body.name !== '\ud83d')
        await refused(await shop.form('/users', body as Record<string, string>), status);
    });
  for (const [name, body, status] of products)
    it(`refuse ${name}`, async () => {
      await refused(await shop.send('POST', '/api/products', body), status);
      if (typeof body.price === 'string')
        await refused(await shop.form('/products', body as Record<string, string>), status);
    });
});

describe('HTTP itself', () => {
  /** What the shop answers to bytes that no client would send. */
  const raw = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(shop.url);
      let answer = '';
      const socket = connect(Number(port), hostname, () => socket.write(bytes));
      socket.on('data', (data) => {
        answer += data;
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(answer));
      socket.setTimeout(60_000, () => socket.destroy());
    });

  it('refuses paths that climb, broken escapes and methods of its own', async () => {
    const request = (line: string) => raw(`${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(await request('GET /api/orders/../../etc/passwd')).toMatch(/^HTTP\/1.1 40[04]/);
    expect(await request('GET /api/orders/%2e%2e%2fx')).toMatch(/^HTTP\/1.1 400/);
    expect(await request('GET /orders/%zz')).toMatch(/^HTTP\/1.1 400/);
    expect(await request('BREW /orders')).toMatch(/^HTTP\/1.1 400/);
    expect(await request('PUT /api/orders/1')).toMatch(/^HTTP\/1.1 404/);
    expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
    expect(await shop.contents()).toBe(before);
  });
});
