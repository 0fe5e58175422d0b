import type { Equivalent } from '../../kit/prove/mutants/equivalents.ts';

const REPLIES =
  'Only so that the types hold: exec() gives no replies only after WATCH, which is not used here.';

export const equivalents: readonly Equivalent[] = [
  {
    source: "totalAmount: hash.total_amount ?? '0.00',",
    from: "'0.00'",
    to: '""',
    why: 'Only so that the types hold: an order cannot do without total_amount.',
  },
  {
    source: 'const replies = (await transaction.exec()) ?? [];',
    from: '[]',
    to: '["Stryker was here"]',
    why: REPLIES,
  },
  {
    source: 'const deleted = replies[3 * i + 1]?.[1];',
    from: 'replies[3 * i + 1]?.[1]',
    to: 'replies[3 * i + 1][1]',
    why: REPLIES,
  },
  {
    source: 'for (const [error] of replies) if (error) throw error;',
    from: 'error',
    to: 'false',
    why: 'A command that Redis refuses in a transaction makes exec() reject; none of these fails later on a hash and a sorted set.',
  },
  {
    source: `throw new OrderFieldNeeded(\`order:\${id} cannot do without \${field}: delete the whole order, or write it anew.\`);`,
    from: `\`order:\${id} cannot do without \${field}: delete the whole order, or write it anew.\``,
    to: '``',
    why: 'Only words of an error: the contract has its name.',
  },
];
