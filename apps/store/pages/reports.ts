import type { FastifyInstance } from 'fastify';
import { type Html, html } from '../../../kit/base/html-template.ts';
import { askMysqlOr } from '../ask-mysql.ts';
import { problemOf } from '../problem-of.ts';
import { namesOf } from '../queries/details-by-id.ts';
import { readBestSellers, readHighestSpenders, type Sourced } from '../read-orders.ts';
import type { ShopContext } from '../shop-context.ts';
import { type Bar, barChart } from '../view/bar-chart.ts';
import { length, money } from '../view/format.ts';
import { labPanel, noticeBox, sourceLine, table } from '../view/parts.ts';
import { sendPage } from './send.ts';

const limit = 10;

/** `/orders/reports/...`: the two reports, each as a chart and as a table. */
export function reportPages(app: FastifyInstance, shop: ShopContext): void {
  const pages = {
    '/orders/reports/highest_spenders': { title: 'Highest spenders', content: spendersReport },
    '/orders/reports/best_sellers': { title: 'Best sellers', content: sellersReport },
  };
  for (const [path, { title, content }] of Object.entries(pages))
    app.get(path, async (_request, reply) => {
      try {
        const body = html`<h1>${title}</h1>${await content(shop, title)}`;
        return sendPage(shop, reply, { title, path, body });
      } catch (error) {
        const problem = problemOf(error);
        if (!problem?.lab) throw error;
        const body = html`<h1>${title}</h1>${labPanel(problem)}`;
        return sendPage(shop, reply, { title, path, body }, problem);
      }
    });
}

async function spendersReport(shop: ShopContext, title: string): Promise<Html> {
  const read = await readHighestSpenders(shop, limit);
  const ids = read.value.map(({ userId }) => userId);
  const names = await askMysqlOr(namesOf(shop.mysql, 'users', ids), new Map<number, string>());
  const bars = read.value.map(({ userId, spent }) => ({
    label: names.get(userId) ?? `User ${userId}`,
    size: Math.max(length(spent), 0),
    figure: money(spent),
  }));
  return report(read, {
    title,
    what: 'User',
    figure: 'Spent',
    bars,
    how: 'getHighestSpendingUsers of lab 05',
  });
}

async function sellersReport(shop: ShopContext, title: string): Promise<Html> {
  const read = await readBestSellers(shop, limit);
  const unnamed = read.value.filter(isUnnamed).map(({ productId }) => productId);
  const names = await askMysqlOr(namesOf(shop.mysql, 'products', unnamed), new Map<number, string>());
  const bars = read.value.map(({ productId, sold, name }) => ({
    label: names.get(productId) || name || `Product ${productId}`,
    size: sold,
    figure: sold.toLocaleString('en'),
  }));
  return report(read, { title, what: 'Product', figure: 'Sold', bars, how: 'getBestSellers of lab 05' });
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
    return html`<p class="panel">Nothing has been sold yet: <a href="/orders">add an order</a>.</p>`;
  return html`${noticeBox(read)}<div class="columns even">
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
