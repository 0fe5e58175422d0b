import type { BestSeller, Spender } from '../../src/contracts/best-sellers.ts';
import type { Order } from '../../src/contracts/order.ts';
import { askMysql } from './ask-mysql.ts';
import { type LabFunction, needs, type ShopLabs } from './labs/shop-labs.ts';
import { findOrder, listOrders } from './queries/list-orders.ts';
import type { Page } from './queries/queryable.ts';
import { bestSellers, highestSpenders } from './queries/reports.ts';
import type { ShopContext } from './shop-context.ts';
import { RedisBehind } from './sync/sync-status.ts';

/** A result and where it came from. */
export interface Sourced<T> {
  value: T;
  source: 'redis' | 'mysql';
  /** Milliseconds that the servers took. */
  ms: number;
  /** Why it came from MySQL although Redis should have given it, in a sentence. */
  notice?: string;
}

/**
 * The newest orders, from Redis while it is in sync; those before an id from MySQL, as a cache of the newest knows no
 * pages.
 *
 * @throws LabNotSolved, LabFailed, MysqlAway
 */
export async function readOrders(
  shop: ShopContext,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<Sourced<Page<Order>>> {
  const fromMysql = () => listOrders(shop.mysql, { before, limit });
  if (before !== undefined) {
    const began = performance.now();
    const value = await askMysql(fromMysql());
    return { value, source: 'mysql', ms: performance.now() - began };
  }
  return either(shop, needs.readOrders, {
    fromRedis: async (call, ctx) => {
      const rows = await call.getOrdersFromRedis(ctx, { limit: limit + 1 });
      return { rows: rows.slice(0, limit), next: rows.length > limit ? rows[limit - 1]!.id : null };
    },
    fromMysql,
  });
}

/** One order, or null. @throws LabNotSolved, LabFailed, MysqlAway */
export function readOrder(shop: ShopContext, id: number): Promise<Sourced<Order | null>> {
  return either(shop, needs.readOrders, {
    fromRedis: (call, ctx) => call.getOrderById(ctx, id),
    fromMysql: () => findOrder(shop.mysql, id),
  });
}

/** @throws LabNotSolved, LabFailed, MysqlAway */
export function readHighestSpenders(shop: ShopContext, limit: number): Promise<Sourced<Spender[]>> {
  return either(shop, needs.highestSpenders, {
    fromRedis: (call, ctx) => call.getHighestSpendingUsers(ctx, { limit }),
    fromMysql: () => highestSpenders(shop.mysql, { limit }),
  });
}

/** @throws LabNotSolved, LabFailed, MysqlAway */
export function readBestSellers(
  shop: ShopContext,
  limit: number,
): Promise<Sourced<(BestSeller & { name?: string | null })[]>> {
  return either<(BestSeller & { name?: string | null })[]>(shop, needs.bestSellers, {
    fromRedis: (call, ctx) => call.getBestSellers(ctx, { limit }),
    fromMysql: () => bestSellers(shop.mysql, { limit }),
  });
}

interface Ways<T> {
  fromRedis(call: ShopLabs, ctx: Parameters<ShopLabs['getOrderById']>[0]): Promise<T>;
  fromMysql(): Promise<T>;
}

async function either<T>(
  { sync, labs }: ShopContext,
  needed: readonly LabFunction[],
  { fromRedis, fromMysql }: Ways<T>,
): Promise<Sourced<T>> {
  const stub = labs.missing(needed);
  if (stub) throw stub;
  const began = performance.now();
  try {
    const value = await sync.read((redis) => fromRedis(labs.call, { redis }));
    return { value, source: 'redis', ms: performance.now() - began };
  } catch (error) {
    if (!(error instanceof RedisBehind)) throw error;
    const value = await askMysql(fromMysql());
    return { value, source: 'mysql', ms: performance.now() - began, notice: noticeOf(sync) };
  }
}

/** @example noticeOf(sync) // 'Pages come from MySQL, as Redis is not in sync with it: The connection ...' */
export function noticeOf(sync: ShopContext['sync']): string {
  const { state, why } = sync.status();
  const doing = state === 'syncing' ? 'It is being synced now' : 'It will be synced once it answers';
  return `Pages come from MySQL, as Redis is not in sync with it${why ? `: ${why}` : '.'} ${doing}, and is read again then.`;
}
