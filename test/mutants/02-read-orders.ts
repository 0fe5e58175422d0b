// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lines of the worked answer, as they stand
import type { Equivalent } from '../../kit/prove/mutants/equivalents.ts';

const names =
  'It only takes more names for those of items, such as item_3_quantity_old, which nobody writes.';
const may = 'The index may be read, and need not be: SCAN finds the same orders.';

export const equivalents: readonly Equivalent[] = [
  {
    source: 'const number = /^item_(\\d+)_(?:product_id|quantity)$/.exec(field)?.[1];',
    from: '/^item_(\\d+)_(?:product_id|quantity)$/',
    to: '/item_(\\d+)_(?:product_id|quantity)$/',
    why: names,
  },
  {
    source: 'const number = /^item_(\\d+)_(?:product_id|quantity)$/.exec(field)?.[1];',
    from: '/^item_(\\d+)_(?:product_id|quantity)$/',
    to: '/^item_(\\d+)_(?:product_id|quantity)/',
    why: names,
  },
  {
    source: 'const found: string[] = [];',
    from: '[]',
    to: '["Stryker was here"]',
    why: 'It is no key of an order, so it is left out like other keys.',
  },
  {
    source: "let cursor = '0';",
    from: "'0'",
    to: '""',
    why: 'Redis takes an empty cursor for 0.',
  },
  {
    source: "const ids = await redis.zrevrange('orders:index', 0, limit - 1);",
    from: "'orders:index'",
    to: '""',
    why: may,
  },
  {
    source: 'if (ids.length > 0) return ids.map((id) => `${PREFIX}${id}`);',
    from: 'ids.length > 0',
    to: 'false',
    why: may,
  },
  {
    source: 'for (const [error, hash] of (await pipeline.exec()) ?? []) {',
    from: '[]',
    to: '["Stryker was here"]',
    why: 'exec() gives null only where a transaction was given up, and this is none.',
  },
  {
    source: 'if (error) throw error;',
    from: 'error',
    to: 'false',
    why: 'The hash of a reply that is an error is undefined, and reading its fields throws.',
  },
];
