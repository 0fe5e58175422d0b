import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { serversOf } from '../../src/lab/current-session.ts';
import { dropSchema, openTestShop, type TestShop } from '../kit/support/open-shop.ts';
import { hasWorkedAnswers } from '../kit/support/shop-labs.ts';
import { launchChromium } from './support/chromium.ts';
import { contrasts } from './support/contrasts.ts';
import { savePicture } from './support/pictures.ts';

const schema = 'storelab_check_shop_browser';
let servers: Servers;
let browser: Browser;
let shop: TestShop;

beforeAll(async () => {
  servers = await openServers();
  const redis = await servers.startRedis();
  browser = await launchChromium();
  const labs = { worked: hasWorkedAnswers };
  const about = `${serversOf(servers)} Labs: answers.`;
  shop = await openTestShop({ schema, mysql: servers.mysql, redis: redis.address, labs, about, orders: 100 });
});
afterAll(async () => {
  await browser?.close();
  await shop?.close();
  await dropSchema(servers.mysql, schema);
  await servers.close();
});

const paths = [
  '/',
  '/orders',
  '/orders?before=30',
  '/orders/8',
  '/orders/reports/highest_spenders',
  '/orders/reports/best_sellers',
  '/products',
  '/users',
  '/nowhere',
];

/** A page of its own, and whatever the browser complained about or asked for elsewhere. */
async function newPage(options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1180, height: 780 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // The pages of problems are 4xx and 5xx on purpose.
    if (!message.text().includes('the server responded with a status')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(shop.url)) complaints.push(request.url());
  });
  return { page, complaints };
}

const rows = (page: Page) => page.getByRole('row').allInnerTexts();
const report = async (page: Page, name: string) => {
  await page.getByRole('link', { name }).click();
  expect(await page.getByRole('img').count()).toBe(1);
  return rows(page);
};

describe('the shop in a browser without JavaScript', () => {
  it('adds an order, shows it in both reports, deletes it and shows them as before', async () => {
    const { page, complaints } = await newPage({ javaScriptEnabled: false });
    await page.goto(shop.url);
    const before = [await report(page, 'Best sellers'), await report(page, 'Highest spenders')];

    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    await page.getByLabel('User', { exact: true }).selectOption('Katherine Johnson');
    await page.getByLabel('Product 1').selectOption('Mouse');
    await page.getByLabel('Quantity').first().fill('500');
    await page.getByLabel('Product 2').selectOption('Laptop');
    await page.getByRole('button', { name: 'More items' }).click();
    expect(await page.getByLabel('Quantity').first().inputValue()).toBe('500');
    await page.getByLabel('Product 4').selectOption('USB-C cable');
    await page.getByLabel('Quantity').last().fill('3');
    await page.getByRole('button', { name: 'Add the order' }).click();

    const said = await page.getByRole('status').innerText();
    const id = /^Order (\d+) is recorded\.$/.exec(said)?.[1];
    expect(id, said).toBeDefined();
    // 500 * 29.99 + 1999.99 + 3 * 9.95
    expect((await rows(page))[1]).toMatch(new RegExp(`^${id}\\s+Katherine Johnson\\s+17,024\\.84`));
    expect((await report(page, 'Best sellers'))[1]).toMatch(/^1\s+Mouse\s+\d+/);
    expect((await report(page, 'Highest spenders')).join()).toMatch(/Katherine Johnson/);

    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    await page.getByRole('link', { name: id!, exact: true }).click();
    await page.getByRole('button', { name: `Delete order ${id}` }).click();
    expect(await page.getByRole('status').innerText()).toBe(`Order ${id} is deleted.`);
    expect([await report(page, 'Best sellers'), await report(page, 'Highest spenders')]).toEqual(before);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows what was wrong, beside what was typed', async () => {
    const { page } = await newPage({ javaScriptEnabled: false });
    await page.goto(`${shop.url}/orders`);
    await page.getByLabel('User', { exact: true }).selectOption('Ada Lovelace');
    await page.getByLabel('Product 1').selectOption('Mouse');
    await page.getByLabel('Quantity').first().fill('1e9');
    await page.getByRole('button', { name: 'Add the order' }).click();
    expect(await page.getByRole('alert').innerText()).toBe('The quantity may be 1,000 at most.');
    expect(await page.getByLabel('Quantity').first().inputValue()).toBe('1e9');
    await page.context().close();
  });

  it('adds users and products whose names are markup, and shows them as text', async () => {
    const { page, complaints } = await newPage({ javaScriptEnabled: false });
    const name = '<script>document.title = "x"</script><img src=x onerror=alert(1)>';
    await page.goto(`${shop.url}/users`);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Email').fill('markup@example.com');
    await page.getByRole('button', { name: 'Add the user' }).click();
    expect((await rows(page)).join()).toContain(name);
    await page.goto(`${shop.url}/products`);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('SKU').fill('MARKUP');
    await page.getByLabel('Price').fill('1.10');
    await page.getByRole('button', { name: 'Add the product' }).click();
    expect((await rows(page)).join()).toContain(name);
    expect(await page.locator('img, script').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe('the shop by keyboard', () => {
  it('skips to the content, reaches everything, and always shows where it is', async () => {
    const { page } = await newPage();
    await page.goto(`${shop.url}/orders`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    const reached: string[] = [];
    for (let i = 0; i < 60 && !reached.includes('Older orders'); i++) {
      await page.keyboard.press('Tab');
      const [name, outline] = (await page.evaluate(
        '[document.activeElement.innerText || document.activeElement.id, getComputedStyle(document.activeElement).outlineStyle]',
      )) as [string, string];
      expect([name, outline]).toEqual([name, 'solid']);
      reached.push(name);
    }
    expect(reached).toContain('Older orders');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('user_id');
    await page.keyboard.type('Alan');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Mouse');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('status').waitFor();
    expect(await page.getByRole('status').innerText()).toMatch(/^Order \d+ is recorded\.$/);
    await page.context().close();
  });
});

describe('the shop on screens of every size and scheme', () => {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [360, 768, 1180])
      it(`fits ${width} px, ${colorScheme}, and every text stands out from its ground`, async () => {
        const { page, complaints } = await newPage({ colorScheme, viewport: { width, height: 780 } });
        for (const path of paths) {
          await page.goto(`${shop.url}${path}`);
          const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
          expect([path, over]).toEqual([path, 0]);
          const texts = await contrasts(page);
          expect(texts.length).toBeGreaterThan(8);
          expect([path, texts.filter(({ ratio }) => ratio < 4.5)]).toEqual([path, []]);
        }
        expect(complaints).toEqual([]);
        await page.context().close();
      });

  it('looks as it does in docs', async () => {
    const { page } = await newPage();
    await page.goto(`${shop.url}/orders`);
    await savePicture('shop-orders', (path) => page.screenshot({ path }));
    await page.goto(`${shop.url}/orders/reports/best_sellers`);
    await savePicture('shop-report', (path) => page.screenshot({ path }));
    await page.context().close();
  });
});
