import type { z } from 'zod';

/**
 * What a lab's function resolved to, where it has this shape.
 *
 * @throws Error whose message continues "getOrderById in labs/02-read-orders.ts ...".
 * @example inShape(order.nullable(), undefined) // throws 'resolved to undefined. Is a `return` missing?'
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
