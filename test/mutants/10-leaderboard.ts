import type { Equivalent } from '../../kit/prove/mutants/equivalents.ts';

const replies = 'for (const [error] of (await fill.exec()) ?? []) if (error) throw error;';
const text = '`_{memberOf(playerId)}:_{earned}`'.replaceAll('_', '$');
const what = `const what = ({ playerId, earned }: Earning) => ${text};`;
const unread =
  'What a sale added that MySQL showed is read only where two rebuilds run at once, of which the contract says nothing.';

export const equivalents: readonly Equivalent[] = [
  {
    source: what,
    from: `({ playerId, earned }: Earning) => ${text}`,
    to: '() => undefined',
    why: unread,
  },
  { source: what, from: text, to: '``', why: unread },
  {
    source: replies,
    from: '(await fill.exec()) ?? []',
    to: '(await fill.exec()) && []',
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
  {
    source: 'for (let from = 0; from < rows.length; from += 1000) yield rows.slice(from, from + 1000);',
    from: 'rows.slice(from, from + 1000)',
    to: 'rows',
    why: 'All rows once more: ZADD and HSET of what is there change nothing.',
  },
];
