import type { Order } from '../../src/contracts/order.ts';

/** What is wrong with an order that is none, and how it is made of a right one that has items. */
export type Spoilt = readonly [what: string, spoil: (order: Order) => unknown];

type Value = readonly [what: string, value: unknown];

const noWholeNumbers: Value[] = [
  ['undefined', undefined],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['0', 0],
  ['-1', -1],
  ['1.5', 1.5],
  ['2 ** 53, too large to be exact', 2 ** 53],
  ['1e21, which is written 1e+21', 1e21],
  ["'7', a text", '7'],
  ['true', true],
];

const noAmounts: Value[] = [
  ['undefined', undefined],
  ['null', null],
  ['1999.9, a number', 1999.9],
  ['1999, a number', 1999],
  ["['19.90'], a list", ['19.90']],
  ...[
    '',
    ' ',
    'NaN',
    'Infinity',
    '-1',
    '+1',
    '1e5',
    '0x10',
    '12,50',
    '1_000',
    '.5',
    '5.',
    '.',
    '1.2.3',
    '1..2',
    ' 5',
    '5 ',
    '\n5',
    '5\n',
    '1\n2',
    '5\nEUR',
    'EUR\n5',
  ].map((text): Value => [JSON.stringify(text), text]),
  ["'１２.５０' (digits of another script)", '１２.５０'],
];

const noItems: Value[] = [
  ['undefined', undefined],
  ['null', null],
  ["''", ''],
  ["'ab'", 'ab'],
  ['{}', {}],
  ['{ length: 0 }', { length: 0 }],
  ['new Map()', new Map()],
  ['new Set()', new Set()],
  ['[null]', [null]],
  ['[7]', [7]],
];

const noDates: Value[] = [
  ['null', null],
  ['0', 0],
  ["''", ''],
  ['false', false],
  ["'2026-01-15T12:00:00.000Z', a text", '2026-01-15T12:00:00.000Z'],
  ['1768478400000, a number', 1_768_478_400_000],
  ['an invalid Date', new Date(Number.NaN)],
  ['{}', {}],
];

const inOrder = (name: keyof Order, values: Value[]): Spoilt[] =>
  values.map(([what, value]) => [`${name} ${what}`, (order) => ({ ...order, [name]: value })]);

const inItem = (name: string, values: Value[]): Spoilt[] =>
  values.map(([what, value], i) => {
    // In the first of two items, or in the last one.
    const at = i % 2;
    const spoil = (order: Order) => {
      const item = { productId: 1, quantity: 1 };
      const spoilt = { ...item, [name]: value };
      return { ...order, items: at === 0 ? [spoilt, item] : [item, spoilt] };
    };
    return [`${name} ${what}, in the ${at === 0 ? 'first' : 'last'} item`, spoil];
  });

/** One of each kind, the commonest first. */
export const notOrders: readonly Spoilt[] = [
  ...inOrder('id', noWholeNumbers),
  ...inOrder('userId', noWholeNumbers),
  ...inItem('productId', noWholeNumbers),
  ...inItem('quantity', noWholeNumbers),
  ...inOrder('totalAmount', noAmounts),
  ...inOrder('items', noItems),
  ...inOrder('createdAt', noDates),
];
