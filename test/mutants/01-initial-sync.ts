// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lines of the worked answer, as they stand
import type { Equivalent } from '../../kit/prove/mutants/equivalents.ts';

const words = 'The words of an error and its cause are for people; the contract names only its name.';
const index = 'The index is kept for lab 02; the contract of this lab asks for none.';
const left =
  'HSET overwrites each field of a hash that a killed sync left, as long as the order did not change in between.';
const never = 'Replies are null only where a transaction was given up, and this is none.';

export const equivalents: readonly Equivalent[] = [
  {
    source:
      'throw new MysqlUnavailable(`MySQL did not answer in ${attempt} attempts, ${delayMs} ms apart`, { cause });',
    from: '`MySQL did not answer in ${attempt} attempts, ${delayMs} ms apart`',
    to: '``',
    why: words,
  },
  {
    source:
      'throw new MysqlUnavailable(`MySQL did not answer in ${attempt} attempts, ${delayMs} ms apart`, { cause });',
    from: '{ cause }',
    to: '{}',
    why: words,
  },
  {
    source: "const MARKER = 'sync:orders';",
    from: "'sync:orders'",
    to: '""',
    why: 'The marker may have any name that does not begin with order:, an empty one too.',
  },
  { source: "const INDEX = 'orders:index';", from: "'orders:index'", to: '""', why: index },
  { source: 'if (cursor && !indexed) {', from: 'cursor && !indexed', to: 'false', why: index },
  {
    source: 'if (cursor && !indexed) {',
    from: '{ await redis.del(MARKER); return { cursor: 0, count: 0 }; }',
    to: '{}',
    why: index,
  },
  { source: 'return { cursor: 0, count: 0 };', from: '{ cursor: 0, count: 0 }', to: '{}', why: index },
  {
    source: 'pipeline.del(...orders.map(({ id }) => `order:${id}`));',
    from: '({ id }) => `order:${id}`',
    to: '() => undefined',
    why: left,
  },
  {
    source: 'pipeline.del(...orders.map(({ id }) => `order:${id}`));',
    from: '`order:${id}`',
    to: '``',
    why: left,
  },
  {
    source: 'for (const [error] of replies ?? []) if (error) throw error;',
    from: '[]',
    to: '["Stryker was here"]',
    why: never,
  },
];
