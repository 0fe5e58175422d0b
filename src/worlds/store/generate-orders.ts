import type { Priced } from './generate-catalog.ts';
import { fromCents } from './money.ts';
import { type Random, zipf } from './random.ts';
import type { SqlValue } from './sql.ts';

/** What orders are drawn from. */
export interface OrderSource {
  /** Orders to make. */
  count: number;
  firstOrderId: number;
  firstItemId: number;
  users: readonly number[];
  products: readonly Priced[];
}

/** One generated order: its row of `orders`, and its rows of `order_items`. */
export interface OrderRows {
  order: SqlValue[];
  items: SqlValue[][];
}

/** Items of an order, each length as likely as it is listed: 2.5 on average. */
const lengths = [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 7];
/** How many of a product. */
const quantities = [1, 1, 1, 1, 1, 1, 2, 2, 3, 5];
/** Generated orders fall into the 300 days from 6 January 2025, after the fixture's. */
const firstMoment = Date.UTC(2025, 0, 6);
const span = 300 * 24 * 3600 * 1000;

/**
 * Orders in the order of their ids and times. Users and products are popular by a power law, in an order that the
 * seed decides. A total is the exact sum of its items, counted in whole cents.
 */
export function* generateOrders(random: Random, source: OrderSource): Generator<OrderRows> {
  const user = zipf(random, random.shuffle(source.users));
  const ranks = random.shuffle(source.products);
  const rank = zipf(
    random,
    ranks.map((_, index) => index),
  );
  const step = Math.max(1, Math.floor(span / Math.max(1, source.count)));
  let itemId = source.firstItemId;
  for (let made = 0; made < source.count; made++) {
    const id = source.firstOrderId + made;
    const taken = new Set<number>();
    const items: SqlValue[][] = [];
    let total = 0;
    for (let left = random.pick(lengths); left > 0; left--) {
      let place = rank();
      // A product comes once an order: the next one in popularity takes its place.
      while (taken.has(place)) place = (place + 1) % ranks.length;
      taken.add(place);
      const product = ranks[place]!;
      const quantity = random.pick(quantities);
      total += quantity * product.cents;
      items.push([itemId++, id, product.id, quantity, fromCents(product.cents)]);
    }
    const moment = new Date(firstMoment + made * step + random.int(0, step - 1));
    const createdAt = moment.toISOString().slice(0, 23).replace('T', ' ');
    yield { order: [id, user(), fromCents(total), createdAt], items };
  }
}
