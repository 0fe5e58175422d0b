import { z } from 'zod';
import { toCents } from '../../src/worlds/store/money.ts';
import { RequestProblem } from '../shared/problem.ts';

/** INT UNSIGNED */
const largestId = 4_294_967_295;

const wholeNumber = (what: string) =>
  z.number(`${what} must be a whole number`).int(`${what} must be a whole number`);

const id = (what: string) =>
  wholeNumber(what).min(1, `${what} must be at least 1`).max(largestId, `${what} is too large`);

/** One line of text, as a person reads it: trimmed, composed, no control characters. */
const line = (what: string, most: number) =>
  z
    .string(`${what} must be text`)
    .transform((text) => text.normalize('NFC').trim())
    .refine((text) => text.length > 0, `${what} must not be empty`)
    .refine((text) => [...text].length <= most, `${what} may have ${most} characters at most`)
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), `${what} holds a character that cannot be shown`);

export const newUser = z.strictObject({
  name: line('The name', 100),
  email: line('The email', 190).refine(
    (text) => /^[^\s@<>"(),:;]+@[^\s@<>"(),:;]+\.[^\s@<>"(),:;.]+$/.test(text),
    'The email must look like ada@example.com',
  ),
});

export const newProduct = z.strictObject({
  name: line('The name', 150),
  sku: line('The SKU', 40).refine(
    (text) => /^[A-Za-z0-9._-]+$/.test(text),
    'The SKU may hold letters, digits, ".", "_" and "-"',
  ),
  price: z
    .string('The price must be text, such as "12.35", so that no float gets near it')
    .regex(/^\d{1,8}(\.\d{1,2})?$/, 'The price must look like 12.35, and be at most 99999999.99')
    .refine(
      (text) => !/^\d{1,8}(\.\d{1,2})?$/.test(text) || toCents(text) > 0,
      'The price must be at least 0.01',
    ),
});

export const newOrder = z.strictObject({
  user_id: id('The user'),
  items: z
    .array(
      z.strictObject({
        product_id: id('The product'),
        quantity: wholeNumber('The quantity')
          .min(1, 'The quantity must be at least 1')
          .max(1000, 'The quantity may be 1,000 at most'),
      }),
      'The items must be a list',
    )
    .min(1, 'An order needs at least one item')
    .max(50, 'An order may have 50 items at most'),
});

/**
 * An input in its checked form.
 *
 * @throws RequestProblem 400 INVALID_INPUT, which names the field
 * @example parseInput(newUser, { name: ' Ada ', email: 'ada@example.com' }) // { name: 'Ada', ... }
 */
export function parseInput<T extends z.ZodType>(shape: T, input: unknown): z.output<T> {
  const parsed = shape.safeParse(input);
  if (parsed.success) return parsed.data;
  const { path, message, code } = parsed.error.issues[0]!;
  const field = path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}${text && '.'}${String(key)}`),
    '',
  );
  const said = code === 'invalid_type' && path.length === 0 ? 'The body must be a JSON object' : message;
  throw new RequestProblem({
    status: 400,
    code: 'INVALID_INPUT',
    message: `${said}.`,
    ...(field ? { field } : {}),
  });
}

/**
 * An id as it stands in an address or a form.
 *
 * @throws RequestProblem 400 INVALID_ID
 * @example idOf('1 OR 1=1', 'order') // throws: An order's id is a whole number ...
 */
export function idOf(text: string, what: 'order' | 'user' | 'product'): number {
  const number = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
  if (number > 0 && number <= largestId) return number;
  const message = `The ${what}'s id must be a whole number from 1 to ${largestId}.`;
  throw new RequestProblem({ status: 400, code: 'INVALID_ID', message });
}

const listQuery = z.object({
  before: z.string().optional(),
  after: z.string().optional(),
  limit: z.string().optional(),
});

/**
 * Where a page of a list begins and how long it is, from the query of an address.
 *
 * @throws RequestProblem 400
 * @example pageQuery({ limit: '20', before: '81' }, { of: 'order', limit: 50, most: 100 }) // { limit: 20, before: 81 }
 */
export function pageQuery(
  query: unknown,
  { of, limit, most }: { of: 'order' | 'user' | 'product'; limit: number; most: number },
): { limit: number; before?: number; after?: number } {
  const asked = parseInput(listQuery, query);
  const number = asked.limit === undefined ? limit : /^\d{1,4}$/.test(asked.limit) ? Number(asked.limit) : 0;
  if (number < 1 || number > most)
    throw new RequestProblem({
      status: 400,
      code: 'INVALID_LIMIT',
      message: `The limit must be from 1 to ${most}.`,
      field: 'limit',
    });
  return {
    limit: number,
    ...(asked.before === undefined ? {} : { before: idOf(asked.before, of) }),
    ...(asked.after === undefined ? {} : { after: asked.after === '0' ? 0 : idOf(asked.after, of) }),
  };
}
