import type { FastifyInstance } from 'fastify';
import { html } from '../../../kit/base/html-template.ts';
import { RequestProblem } from '../../shared/problem.ts';
import { idOf } from '../input.ts';
import { needs } from '../labs/shop-labs.ts';
import { problemOf } from '../problem-of.ts';
import { readOrder } from '../read-orders.ts';
import type { ShopContext } from '../shop-context.ts';
import { csrfField } from '../view/fields.ts';
import { moment, money } from '../view/format.ts';
import { labPanel, noticeBox, sourceLine, table } from '../view/parts.ts';
import { removeOrder } from '../write-orders.ts';
import { detailsOf } from './orders.ts';
import { sendPage } from './send.ts';

/** `/orders/101`: one order, and the button that deletes it. */
export function orderPage(app: FastifyInstance, shop: ShopContext): void {
  app.get<{ Params: { id: string } }>('/orders/:id', async (request, reply) => {
    const id = idOf(request.params.id, 'order');
    const read = await readOrder(shop, id);
    const order = read.value;
    if (!order)
      throw new RequestProblem({ status: 404, code: 'UNKNOWN_ORDER', message: `There is no order ${id}.` });
    const { users, products, placed } = await detailsOf(shop, [order]);
    const createdAt = order.createdAt ?? placed.get(id);
    const stub = shop.labs.missing(needs.deleteOrders);
    const title = `Order ${id}`;
    const body = html`<h1>${title}</h1>
<div class="columns"><div>
${noticeBox(read)}
<p>${users.get(order.userId) ?? `User ${order.userId}`} ordered${createdAt && ` on ${moment(createdAt)} UTC`} for <strong>${money(order.totalAmount)}</strong> in all.</p>
${table(
  `Items of order ${id}`,
  ['Product', { text: 'Quantity', right: true }],
  order.items.map(({ productId, quantity }) => [products.get(productId) ?? `Product ${productId}`, quantity]),
)}
${sourceLine(read, 'getOrderById of lab 02')}
</div>
${stub ? labPanel(problemOf(stub)!) : deletePanel(id, reply.generateCsrf())}
</div>
<p><a href="/orders">All orders</a></p>`;
    return sendPage(shop, reply, { title, path: '/orders', body });
  });

  app.post<{ Params: { id: string } }>(
    '/orders/:id/delete',
    { preHandler: app.csrfProtection },
    async (request, reply) => {
      const { value, inRedis } = await removeOrder(shop, idOf(request.params.id, 'order'));
      return reply.redirect(`/orders?done=deleted&id=${value}${inRedis ? '' : '&behind=1'}`, 303);
    },
  );
}

const deletePanel = (id: number, token: string) => html`<section class="panel" aria-labelledby="delete">
<h2 id="delete">Delete this order</h2>
<p>It goes from MySQL first, then from Redis, and its sales are taken back. There is no way to undo it.</p>
<form method="post" action="/orders/${id}/delete">${csrfField(token)}<button class="danger">Delete order ${id}</button></form>
</section>`;
