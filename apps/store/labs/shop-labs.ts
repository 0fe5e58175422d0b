import type { AddOrders } from '../../../src/contracts/add-orders.ts';
import type { BestSellers } from '../../../src/contracts/best-sellers.ts';
import type { DeleteOrders } from '../../../src/contracts/delete-orders.ts';
import type { InitialSync } from '../../../src/contracts/initial-sync.ts';
import type { ReadOrders } from '../../../src/contracts/read-orders.ts';

/** The functions of labs 01 to 05 that the shop calls. */
export type ShopLabs = Pick<InitialSync, 'startStoreManager' | 'syncAllOrdersToRedis'> &
  Pick<ReadOrders, 'getOrderById' | 'getOrdersFromRedis'> &
  Pick<AddOrders, 'addOrderToRedis'> &
  Pick<DeleteOrders, 'deleteOrderFromRedis'> &
  Pick<
    BestSellers,
    'recordSale' | 'revertSale' | 'rebuildSales' | 'getHighestSpendingUsers' | 'getBestSellers'
  >;

export type LabFunction = keyof ShopLabs;

/** Which lab each function belongs to. */
export const labOf: Record<LabFunction, string> = {
  startStoreManager: '01-initial-sync',
  syncAllOrdersToRedis: '01-initial-sync',
  getOrderById: '02-read-orders',
  getOrdersFromRedis: '02-read-orders',
  addOrderToRedis: '03-hset-mapping',
  deleteOrderFromRedis: '04-delete-orders',
  recordSale: '05-best-sellers',
  revertSale: '05-best-sellers',
  rebuildSales: '05-best-sellers',
  getHighestSpendingUsers: '05-best-sellers',
  getBestSellers: '05-best-sellers',
};

/** The labs that the shop runs on, in order. */
export const shopLabIds = [...new Set(Object.values(labOf))];

/** What each part of the shop needs, in the order in which it is learnt. */
export const needs = {
  sync: ['startStoreManager', 'syncAllOrdersToRedis'],
  readOrders: ['startStoreManager', 'syncAllOrdersToRedis', 'getOrdersFromRedis', 'getOrderById'],
  addOrders: ['addOrderToRedis'],
  deleteOrders: ['deleteOrderFromRedis'],
  sales: ['recordSale', 'revertSale', 'rebuildSales'],
  highestSpenders: ['startStoreManager', 'syncAllOrdersToRedis', 'getHighestSpendingUsers'],
  bestSellers: [
    'startStoreManager',
    'syncAllOrdersToRedis',
    'recordSale',
    'revertSale',
    'rebuildSales',
    'getBestSellers',
  ],
} as const satisfies Record<string, readonly LabFunction[]>;
