import type { Equivalent } from '../../kit/prove/mutants/equivalents.ts';

const names = "for await (const names of namesLike(redis, /^order:\\d+$/, 'order:*')) {";
const counters =
  "for await (const names of namesLike(redis, /^product_sold:\\d+$/, 'product_sold:*')) keys.push(...names);";
const empty = 'if (fresh.length > 0) yield fresh;';
const replies = 'for (const [error] of (await swap.exec()) ?? []) if (error) throw error;';

export const equivalents: readonly Equivalent[] = [
  { source: empty, from: 'fresh.length > 0', to: 'true', why: 'An empty batch adds nothing.' },
  { source: empty, from: 'fresh.length > 0', to: 'fresh.length >= 0', why: 'An empty batch adds nothing.' },
  {
    source: names,
    from: "'order:*'",
    to: '""',
    why: 'Without a pattern SCAN gives every key, and the regular expression takes those that are orders.',
  },
  {
    source: counters,
    from: "'product_sold:*'",
    to: '""',
    why: 'Without a pattern SCAN gives every key, and the regular expression takes those that are counters.',
  },
  {
    source: 'for (const [error, hash] of (await pipeline.exec()) ?? []) {',
    from: '[]',
    to: '["Stryker was here"]',
    why: 'The reply of a pipeline is never null: that is for the compiler.',
  },
  {
    source: 'if (error) throw error;',
    from: 'error',
    to: 'false',
    why: 'Where HGETALL fails there is no hash, and Object.keys(undefined) throws as well.',
  },
  {
    source: '.sort(([a, x], [b, y]) => (x === y ? a - b : x < y ? 1 : -1))',
    from: 'x < y',
    to: 'x <= y',
    why: 'Equal sums were told apart before.',
  },
  {
    source: 'for (let i = 0; i < Number(hash.items_count); i++) {',
    from: 'i < Number(hash.items_count)',
    to: 'i <= Number(hash.items_count)',
    why: 'The item after the last has no fields: NaN of product NaN, which is not more than 0 and is left out.',
  },
  {
    source: 'const keys: string[] = [];',
    from: '[]',
    to: '["Stryker was here"]',
    why: 'A key that is not there has no value: 0 sold, which is left out; to unlink it does nothing.',
  },
  {
    source: 'if (last === undefined) return items;',
    from: 'last === undefined',
    to: 'false',
    why: 'Up to NULL there are no items, so the second query finds nothing.',
  },
  {
    source: 'items.get(order_id)?.push({ productId: product_id, quantity });',
    from: 'items.get(order_id)?.push',
    to: 'items.get(order_id).push',
    why: 'In one snapshot every item between two orders of a page has its order in the page.',
  },
  {
    source: replies,
    from: '(await swap.exec()) ?? []',
    to: '(await swap.exec()) && []',
    why: 'A MULTI that Redis refuses rejects by itself, and no command in this one can fail alone: its keys are new.',
  },
  {
    source: replies,
    from: '[]',
    to: '["Stryker was here"]',
    why: 'The reply of a MULTI without WATCH is never null: that is for the compiler.',
  },
  {
    source: replies,
    from: 'error',
    to: 'false',
    why: 'A MULTI that Redis refuses rejects by itself, and no command in this one can fail alone: its keys are new.',
  },
];
