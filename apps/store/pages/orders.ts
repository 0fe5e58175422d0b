import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Html, html } from '../../../kit/base/html-template.ts';
import type { Order } from '../../../src/contracts/order.ts';
import type { Problem } from '../../shared/problem.ts';
import { askMysqlOr } from '../ask-mysql.ts';
import { newOrder, pageQuery, parseInput } from '../input.ts';
import { needs } from '../labs/shop-labs.ts';
import { problemOf } from '../problem-of.ts';
import { namesOf, placedAt } from '../queries/details-by-id.ts';
import { listProducts } from '../queries/list-products.ts';
import { listUsers } from '../queries/list-users.ts';
import { readOrders, type Sourced } from '../read-orders.ts';
import type { ShopContext } from '../shop-context.ts';
import type { Choice } from '../view/fields.ts';
import { count, moment, money } from '../view/format.ts';
import { labPanel, nextLink, noticeBox, sourceLine, table } from '../view/parts.ts';
import { placeOrder } from '../write-orders.ts';
import { emptyOrder, type OrderFormValues, orderAsked, orderForm, valuesOf } from './order-form.ts';
import { doneBox, sendPage } from './send.ts';

/** More than this, and a list to choose from helps nobody. */
const mostChoices = 300;

/** `/orders`: the newest orders, and the form for one more. */
export function orderPages(app: FastifyInstance, shop: ShopContext): void {
  app.get('/orders', async (request, reply) => show(shop, request, reply, { values: emptyOrder }));

  app.post('/orders', { preHandler: app.csrfProtection }, async (request, reply) => {
    const body = (request.body ?? {}) as Record<string, unknown>;
    const values = valuesOf(body);
    if (body.more) {
      values.items.push({ productId: '', quantity: '1' });
      return show(shop, request, reply, { values });
    }
    try {
      const { user_id, items } = parseInput(newOrder, orderAsked(values));
      const { value, inRedis } = await placeOrder(shop, {
        userId: user_id,
        items: items.map(({ product_id, quantity }) => ({ productId: product_id, quantity })),
      });
      return reply.redirect(`/orders?done=order&id=${value.id}${inRedis ? '' : '&behind=1'}`, 303);
    } catch (error) {
      const problem = problemOf(error);
      if (!problem) throw error;
      return show(shop, request, reply, { values, problem });
    }
  });
}

interface Shown {
  values: OrderFormValues;
  problem?: Problem;
}

async function show(
  shop: ShopContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { values, problem }: Shown,
): Promise<FastifyReply> {
  const { before, limit } = pageQuery(request.query, { of: 'order', limit: 20, most: 100 });
  const [list, form] = await Promise.all([
    listPart(shop, { before, limit }),
    formPart(shop, reply, { values, ...(problem && { problem }) }),
  ]);
  const title = before === undefined ? 'Orders' : `Orders before ${before}`;
  const body = html`<h1>${title}</h1>
${doneBox(request.query)}
<p class="jump"><a href="#add-order">Add an order</a></p>
<div class="columns"><div>${list}</div>${form}</div>`;
  return sendPage(shop, reply, { title, path: '/orders', body }, problem);
}

async function listPart(
  shop: ShopContext,
  page: { before?: number | undefined; limit: number },
): Promise<Html> {
  try {
    const read = await readOrders(shop, page);
    const { rows, next } = read.value;
    const href = next === null ? null : `/orders?before=${next}&limit=${page.limit}`;
    return html`${noticeBox(read)}${orderTable(rows, await detailsOf(shop, rows))}
${sourceLine(read, read.source === 'redis' ? 'getOrdersFromRedis of lab 02' : 'its own key, as a cache of the newest has no pages')}
${nextLink(href, 'Older orders')}`;
  } catch (error) {
    const problem = problemOf(error);
    if (!problem) throw error;
    return problem.lab ? labPanel(problem) : html`<p class="problem" role="alert">${problem.message}</p>`;
  }
}

async function formPart(shop: ShopContext, reply: FastifyReply, { values, problem }: Shown): Promise<Html> {
  const stub = shop.labs.missing(needs.addOrders);
  if (stub) return labPanel(problemOf(stub)!);
  const [users, products] = await Promise.all([
    choices(listUsers(shop.mysql, { limit: mostChoices })),
    choices(listProducts(shop.mysql, { limit: mostChoices })),
  ]);
  return orderForm({ values, token: reply.generateCsrf(), users, products, problem });
}

async function choices(page: Promise<{ rows: Choice[]; next: number | null }>): Promise<Choice[] | null> {
  const { rows, next } = await askMysqlOr(page, { rows: [], next: 1 });
  return next === null ? rows : null;
}

/**
 * What MySQL knows of these orders beside what Redis holds: names, and when those were placed of which Redis does not
 * say it, as lab 01 does not copy it. Where MySQL is away, ids have to do.
 */
export async function detailsOf(shop: ShopContext, orders: readonly Order[]): Promise<Details> {
  const { mysql } = shop;
  const userIds = orders.map(({ userId }) => userId);
  const productIds = orders.flatMap(({ items }) => items.map(({ productId }) => productId));
  const undated = orders.filter(({ createdAt }) => !createdAt).map(({ id }) => id);
  const [users, products, placed] = await Promise.all([
    askMysqlOr(namesOf(mysql, 'users', userIds), new Map<number, string>()),
    askMysqlOr(namesOf(mysql, 'products', productIds), new Map<number, string>()),
    askMysqlOr(placedAt(mysql, undated), new Map<number, Date>()),
  ]);
  return { users, products, placed };
}

interface Details {
  users: Map<number, string>;
  products: Map<number, string>;
  placed: Map<number, Date>;
}

function orderTable(orders: Sourced<Order[]>['value'], { users, products, placed }: Details): Html {
  if (orders.length === 0) return html`<p class="panel">There are no orders here.</p>`;
  return table(
    'Orders, newest first',
    ['Order', 'User', { text: 'Total', right: true }, 'Items', 'Placed (UTC)'],
    orders.map(({ id, userId, items, totalAmount, createdAt = placed.get(id) }) => [
      html`<a href="/orders/${id}">${id}</a>`,
      html`<span class="nowrap">${users.get(userId) ?? `User ${userId}`}</span>`,
      money(totalAmount),
      html`<span class="long">${itemsText(items, products)}</span>`,
      createdAt ? html`<span class="nowrap">${moment(createdAt)}</span>` : '',
    ]),
  );
}

/** @example itemsText(items, products) // '2 × Mouse, 1 × Laptop, and 3 items more' */
function itemsText(items: Order['items'], products: Map<number, string>): string {
  const shown = items.slice(0, 2).map(({ productId, quantity }) => {
    // No line break between a quantity and what it counts.
    return `${quantity}\u00a0×\u00a0${products.get(productId) ?? `product ${productId}`}`;
  });
  if (items.length > 2) shown.push(`and ${count(items.length - 2, 'item')} more`);
  return shown.join(', ') || 'no items';
}
