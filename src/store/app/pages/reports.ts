import type { FastifyInstance } from 'fastify';
import { namesOf } from '../../queries/names.ts';
import { askMysqlOr } from '../ask-mysql.ts';
import { readBestSellers, readHighestSpenders, type Sourced } from '../read-orders.ts';
import type { ShopContext } from '../shop-context.ts';
import { type Bar, barChart } from '../view/chart.ts';
import { length, money } from '../view/format.ts';
import { type Html, html } from '../view/html.ts';
import { sourceLine, table } from '../view/parts.ts';
import { sendPage } from './send.ts';

const limit = 10;

/** `/orders/reports/...`: the two reports, each as a chart and as a table. */
export function reportPages(app: FastifyInstance, shop: ShopContext): void {
  app.get('/orders/reports/highest_spenders', async (request, reply) => {
    const read = await readHighestSpenders(shop, limit);
    const ids = read.value.map(({ userId }) => userId);
    const names = await askMysqlOr(namesOf(shop.mysql, 'users', ids), new Map<number, string>());
    const bars = read.value.map(({ userId, spent }) => ({
      label: names.get(userId) ?? `User ${userId}`,
      size: Math.max(length(spent), 0),
      figure: money(spent),
    }));
    const title = 'Highest spenders';
    const how = 'getHighestSpendingUsers of lab 05';
    const body = report(read, { title, what: 'User', figure: 'Spent', bars, how });
    return sendPage(shop, reply, { title, path: request.url.split('?')[0]!, body });
  });

  app.get('/orders/reports/best_sellers', async (request, reply) => {
    const read = await readBestSellers(shop, limit);
    const unnamed = read.value.filter(isUnnamed).map(({ productId }) => productId);
    const names = await askMysqlOr(namesOf(shop.mysql, 'products', unnamed), new Map<number, string>());
    const bars = read.value.map(({ productId, sold, name }) => ({
      label: names.get(productId) || name || `Product ${productId}`,
      size: sold,
      figure: sold.toLocaleString('en'),
    }));
    const title = 'Best sellers';
    const how = 'getBestSellers of lab 05';
    const body = report(read, { title, what: 'Product', figure: 'Sold', bars, how });
    return sendPage(shop, reply, { title, path: request.url.split('?')[0]!, body });
  });
}

interface Report {
  title: string;
  what: string;
  figure: string;
  bars: readonly Bar[];
  how: string;
}

function report(read: Sourced<unknown>, { title, what, figure, bars, how }: Report): Html {
  if (bars.length === 0)
    return html`<h1>${title}</h1><p class="panel">Nothing has been sold yet: <a href="/orders">add an order</a>.</p>`;
  return html`<h1>${title}</h1>
<div class="columns even">
<section class="panel" aria-label="Chart">${barChart(`${title}: a bar for each row of the table`, bars)}</section>
<div>${table(
    title,
    [{ text: 'Rank', right: true }, what, { text: figure, right: true }],
    bars.map((bar, i) => [i + 1, bar.label, bar.figure]),
  )}
${sourceLine(read, how)}</div>
</div>`;
}

/** Lab 05 writes `#7` where it knows no name. */
const isUnnamed = ({ productId, name }: { productId: number; name?: string | null }): boolean =>
  !name || name === `#${productId}`;
