import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { html } from '../../../kit/base/html-template.ts';
import type { Problem } from '../../shared/problem.ts';
import { askMysql } from '../ask-mysql.ts';
import { newProduct, pageQuery, parseInput } from '../input.ts';
import { problemOf } from '../problem-of.ts';
import { listProducts } from '../queries/list-products.ts';
import type { ShopContext } from '../shop-context.ts';
import { csrfField, textField } from '../view/fields.ts';
import { money } from '../view/format.ts';
import { nextLink, problemBox, table } from '../view/parts.ts';
import { offerProduct } from '../write-products.ts';
import { doneBox, sendPage } from './send.ts';

/** `/products`: what is sold, and the form for one more. */
export function productPages(app: FastifyInstance, shop: ShopContext): void {
  app.get('/products', (request, reply) => show(shop, request, reply, {}));

  app.post('/products', { preHandler: app.csrfProtection }, async (request, reply) => {
    const { name, sku, price } = (request.body ?? {}) as Record<string, unknown>;
    try {
      const product = await askMysql(offerProduct(shop, parseInput(newProduct, { name, sku, price })));
      return reply.redirect(
        `/products?after=${Math.max(product.id - 10, 0)}&done=product&id=${product.id}`,
        303,
      );
    } catch (error) {
      const problem = problemOf(error);
      if (!problem || problem.status === 503) throw error;
      const typed = { name: String(name ?? ''), sku: String(sku ?? ''), price: String(price ?? '') };
      return show(shop, request, reply, { ...typed, problem });
    }
  });
}

interface Shown {
  name?: string;
  sku?: string;
  price?: string;
  problem?: Problem;
}

async function show(
  shop: ShopContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { name, sku, price, problem }: Shown,
): Promise<FastifyReply> {
  const { after = 0, limit } = pageQuery(request.query, { of: 'product', limit: 50, most: 200 });
  const { rows, next } = await askMysql(listProducts(shop.mysql, { after, limit }));
  const wrong = (field: string) => problem?.field === field;
  const body = html`<h1>Products</h1>
${doneBox(request.query)}
<div class="columns"><div>
${table(
  'Products',
  [{ text: 'Id', right: true }, 'Name', 'SKU', { text: 'Price', right: true }],
  rows.map((product) => [product.id, product.name, product.sku, money(product.price)]),
)}
<p class="soft">These are today's prices. An order keeps those of its own day.</p>
${nextLink(next === null ? null : `/products?after=${next}&limit=${limit}`, 'More products')}
</div>
<section class="panel" aria-labelledby="add-product"><h2 id="add-product">Add a product</h2>
${problemBox(problem)}
<form method="post" action="/products">${csrfField(reply.generateCsrf())}
${textField({ name: 'name', label: 'Name', value: name, most: 150, wrong: wrong('name') })}
${textField({ name: 'sku', label: 'SKU', value: sku, most: 40, hint: 'Letters, digits, dots and dashes: MOU-002', wrong: wrong('sku') || problem?.code === 'SKU_TAKEN' })}
${textField({ name: 'price', label: 'Price', value: price, most: 11, mode: 'decimal', hint: 'With a point: 29.99', wrong: wrong('price') })}
<button>Add the product</button></form></section></div>`;
  return sendPage(shop, reply, { title: 'Products', path: '/products', body }, problem);
}
