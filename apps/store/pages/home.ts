import type { FastifyInstance } from 'fastify';
import { type Html, html } from '../../../kit/base/html-template.ts';
import { nextCommand, numberOf } from '../../shared/lab-error.ts';
import { askMysqlOr } from '../ask-mysql.ts';
import { type LabFunction, labOf } from '../labs/shop-labs.ts';
import { countRows } from '../queries/count-rows.ts';
import { noticeOf } from '../read-orders.ts';
import type { ShopContext } from '../shop-context.ts';
import { table } from '../view/parts.ts';
import { sendPage } from './send.ts';

const functions = Object.keys(labOf) as LabFunction[];

/** `/`: how much there is, how Redis stands, and which labs the shop runs on. */
export function homePage(app: FastifyInstance, shop: ShopContext): void {
  app.get('/', async (_request, reply) => {
    const rows = await askMysqlOr(countRows(shop.mysql), null);
    const tile = (path: string, number: number, what: string) =>
      html`<a href="${path}"><strong>${number.toLocaleString('en')}</strong>${what}</a>`;
    const body = html`<h1>The store manager</h1>
<p>Orders are written to MySQL, kept in Redis, and read from there. What happens in between is what you wrote in the labs.</p>
${
  rows
    ? html`<div class="tiles">${tile('/orders', rows.orders, 'orders')}${tile('/products', rows.products, 'products')}${tile('/users', rows.users, 'users')}</div>`
    : html`<p class="notice" role="status">MySQL does not answer. What Redis holds is still served; nothing can be changed until MySQL is back.</p>`
}
${shop.sync.status().state !== 'in-sync' && html`<p class="notice" role="status">${noticeOf(shop.sync)}</p>`}
<h2 id="labs">What this shop runs on</h2>
${table(
  'Labs',
  ['Lab', 'Title', 'State'],
  shop.labs.labs.map((lab) => labRow(shop, lab)),
)}
<h2 class="apart">For programs</h2>
<p>The same as JSON: <a href="/api/orders">/api/orders</a>, <a href="/api/products">/api/products</a>, <a href="/api/users">/api/users</a>, <a href="/api/orders/reports/best_sellers">/api/orders/reports/best_sellers</a>, <a href="/health">/health</a>.</p>
<pre class="scroll" tabindex="0">curl -X POST http://${reply.request.host}/api/orders -H 'content-type: application/json' \\
  -d '{"user_id": 1, "items": [{"product_id": 3, "quantity": 2}]}'</pre>`;
    return sendPage(shop, reply, { title: 'The store manager', path: '/', body });
  });
}

function labRow({ labs }: ShopContext, lab: ShopContext['labs']['labs'][number]): (string | Html)[] {
  const stub = labs.missing(functions.filter((name) => labOf[name] === lab.id));
  const state = stub
    ? html`<span class="open">${lab.problem ? stub.message : `to write: ${stub.fn}`}</span> <code>${nextCommand(stub)}</code>`
    : html`<span class="written">written</span>`;
  return [numberOf(lab), lab.title, state];
}
