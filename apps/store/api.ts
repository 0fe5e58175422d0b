import type { FastifyInstance } from 'fastify';
import type { Order } from '../../src/contracts/order.ts';
import { RequestProblem } from '../shared/problem.ts';
import { askMysql } from './ask-mysql.ts';
import { addUser } from './commands/add-user.ts';
import { idOf, newOrder, newProduct, newUser, pageQuery, parseInput } from './input.ts';
import { listProducts } from './queries/list-products.ts';
import { listUsers } from './queries/list-users.ts';
import { readBestSellers, readHighestSpenders, readOrder, readOrders } from './read-orders.ts';
import type { ShopContext } from './shop-context.ts';
import { placeOrder, removeOrder } from './write-orders.ts';
import { offerProduct } from './write-products.ts';

/** `/api`: what the pages do, in JSON. Bodies are `application/json`, which no foreign page can send. */
export function api(app: FastifyInstance, shop: ShopContext): void {
  app.get('/users', async (request) => {
    const page = pageQuery(request.query, { of: 'user', limit: 50, most: 200 });
    const { rows, next } = await askMysql(listUsers(shop.mysql, page));
    return { users: rows, next };
  });

  app.post('/users', async (request, reply) => {
    const user = await askMysql(addUser(shop.mysql, parseInput(newUser, request.body)));
    return reply.code(201).send(user);
  });

  app.get('/products', async (request) => {
    const page = pageQuery(request.query, { of: 'product', limit: 50, most: 200 });
    const { rows, next } = await askMysql(listProducts(shop.mysql, page));
    return { products: rows, next };
  });

  app.post('/products', async (request, reply) => {
    const product = await askMysql(offerProduct(shop, parseInput(newProduct, request.body)));
    return reply.code(201).send(product);
  });

  app.get('/orders', async (request) => {
    const { before, limit } = pageQuery(request.query, { of: 'order', limit: 20, most: 1000 });
    const { value, source, notice } = await readOrders(shop, { before, limit });
    return { orders: value.rows.map(asJson), next: value.next, source, notice };
  });

  app.post('/orders', async (request, reply) => {
    const { user_id, items } = parseInput(newOrder, request.body);
    const { value, inRedis } = await placeOrder(shop, {
      userId: user_id,
      items: items.map(({ product_id, quantity }) => ({ productId: product_id, quantity })),
    });
    return reply
      .code(201)
      .header('location', `/api/orders/${value.id}`)
      .send({ ...asJson(value), in_redis: inRedis });
  });

  app.get<{ Params: { id: string } }>('/orders/:id', async (request) => {
    const id = idOf(request.params.id, 'order');
    const { value, source, notice } = await readOrder(shop, id);
    if (!value)
      throw new RequestProblem({ status: 404, code: 'UNKNOWN_ORDER', message: `There is no order ${id}.` });
    return { ...asJson(value), source, notice };
  });

  app.delete<{ Params: { id: string } }>('/orders/:id', async (request) => {
    const { value, inRedis } = await removeOrder(shop, idOf(request.params.id, 'order'));
    return { deleted: value, in_redis: inRedis };
  });

  app.get('/orders/reports/highest_spenders', async (request) => {
    const { limit } = pageQuery(request.query, { of: 'user', limit: 10, most: 100 });
    const { value, source, notice } = await readHighestSpenders(shop, limit);
    return { users: value.map(({ userId, spent }) => ({ user_id: userId, spent })), source, notice };
  });

  app.get('/orders/reports/best_sellers', async (request) => {
    const { limit } = pageQuery(request.query, { of: 'product', limit: 10, most: 100 });
    const { value, source, notice } = await readBestSellers(shop, limit);
    const products = value.map(({ productId, sold, name }) => ({
      product_id: productId,
      sold,
      ...(name ? { name } : {}),
    }));
    return { products, source, notice };
  });
}

/** An order as the API writes it, money as text. */
function asJson({ id, userId, totalAmount, items, createdAt }: Order) {
  return {
    id,
    user_id: userId,
    total_amount: totalAmount,
    created_at: createdAt?.toISOString() ?? null,
    items: items.map(({ productId, quantity }) => ({ product_id: productId, quantity })),
  };
}
