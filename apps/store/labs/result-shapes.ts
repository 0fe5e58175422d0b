import { z } from 'zod';
import type { LabFunction } from './shop-labs.ts';

const id = z.number().int().positive();
const money = z.string().regex(/^-?\d+\.\d{2}$/, 'money is text with two places, such as "1999.99"');
const quantity = z.number().int().nonnegative();

const order = z.object({
  id,
  userId: id,
  totalAmount: money,
  items: z.array(z.object({ productId: id, quantity })),
  createdAt: z
    .date()
    .nullish()
    .transform((date) => date ?? undefined),
});
const seller = z.object({ productId: id, sold: quantity });

/** What the functions whose results are shown must resolve to. */
export const resultShapes: Partial<Record<LabFunction, z.ZodType>> = {
  getOrderById: order.nullable(),
  getOrdersFromRedis: z.array(order),
  getHighestSpendingUsers: z.array(z.object({ userId: id, spent: money })),
  getBestSellers: z.array(seller.extend({ name: z.string().nullish() })),
};
