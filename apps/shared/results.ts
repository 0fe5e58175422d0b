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

/** What the functions whose results are shown must give. Student code runs here: nothing is taken on trust. */
const shapes: Partial<Record<LabFunction, z.ZodType>> = {
  getOrderById: order.nullable(),
  getOrdersFromRedis: z.array(order),
  getHighestSpendingUsers: z.array(z.object({ userId: id, spent: money })),
  getBestSellers: z.array(seller.extend({ name: z.string().nullish() })),
};

/**
 * A result as its contract says.
 *
 * @throws Error whose message continues "getOrderById in labs/02-read-orders.ts ...".
 * @example checkedResult('getOrderById', undefined) // throws 'resolved to undefined.'
 */
export function checkedResult(fn: LabFunction, result: unknown): unknown {
  const shape = shapes[fn];
  return shape ? inShape(shape, result) : result;
}

/**
 * A result, where it has this shape.
 *
 * @throws Error whose message continues "getProfile in labs/07-write-through.ts ...".
 */
export function inShape<T>(shape: z.ZodType<T>, result: unknown): T {
  if (result === undefined) throw new Error('resolved to undefined. Is a `return` missing?');
  const parsed = shape.safeParse(result);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const place = path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
    '',
  );
  throw new Error(`resolved to something else than it should${place ? ` (at ${place})` : ''}: ${message}.`);
}
