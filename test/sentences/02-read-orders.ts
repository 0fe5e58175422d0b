import type { Sentences } from '../../kit/prove/sentences.ts';

export const sentences: Sentences = [
  {
    says: 'Ids and quantities are numbers, and the amount stays the very text that it was.',
    checks: ['02.get.exact'],
    broken: ['float-money', 'ids-as-text', 'free-orders-are-none'],
  },
  {
    says: 'The date is a Date; where the hash has none, the order has none.',
    checks: ['02.get.date'],
    broken: ['date-as-text', 'invalid-date'],
  },
  {
    says: 'The items stand in the order of their numbers, item 10 after item 9.',
    checks: ['02.get.items'],
    broken: ['items-as-texts', 'ten-items'],
  },
  {
    says: 'The items are those whose fields are there; more than items_count says are fine.',
    checks: ['02.get.count'],
    broken: ['count-must-match', 'stops-at-a-gap'],
  },
  {
    says: 'getOrderById() resolves to null where there is no such order.',
    checks: ['02.get.missing'],
    broken: ['empty-for-missing', 'throws-for-missing'],
  },
  {
    says: 'A half-written order is none: a field of it is missing, half of an item, or an item that items_count speaks of.',
    checks: ['02.get.half'],
    broken: [
      'count-is-not-looked-at',
      'count-may-be-missing',
      'half-items-above-the-count',
      'id-may-be-missing',
      'user-may-be-missing',
    ],
  },
  {
    says: 'getOrderById() takes one round trip.',
    checks: ['02.get.one-trip'],
    broken: ['exists-first'],
  },
  {
    says: 'An error of Redis reaches the caller, of getOrderById() and of both lists of keys too.',
    checks: ['02.get.errors'],
    broken: ['no-keys-when-unreachable', 'no-order-when-unreachable'],
  },
  {
    says: 'listOrderKeys() lists the keys of all orders, ascending by id.',
    checks: ['02.list.exact'],
    broken: ['list-as-texts', 'list-unsorted'],
  },
  {
    says: 'The key of an order is order: and the digits of its id, nothing else.',
    checks: ['02.list.others', '02.newest.others'],
    broken: ['generous-number', 'numbers-of-any-kind', 'open-ended-pattern'],
  },
  {
    says: 'listOrderKeys() takes one KEYS.',
    checks: ['02.list.one-trip'],
    broken: ['list-by-scan'],
  },
  {
    says: 'scanOrderKeys() lists the same keys in the same order, to the end of the scan.',
    checks: ['02.scan.exact'],
    broken: ['stops-at-empty'],
  },
  {
    says: 'SCAN never holds the server up for long: `count` is the COUNT of each call.',
    checks: ['02.scan.small-steps', '02.scan.once'],
    broken: ['ignores-count'],
  },
  {
    says: 'By default a call looks at about 1000 keys.',
    checks: ['02.scan.trips'],
    broken: ['default-count'],
  },
  {
    says: 'The result of scanOrderKeys() has each key once.',
    checks: ['02.scan.once', '02.newest.once'],
    broken: ['twice'],
  },
  {
    says: 'getOrdersFromRedis() gives the newest orders, the highest id first.',
    checks: ['02.newest.exact'],
    broken: ['cut-then-sorted', 'list-without-dates'],
  },
  {
    says: 'It may read the newest ids from orders:index, and leaves out those without an order.',
    checks: ['02.newest.index'],
    broken: ['index-from-the-front', 'index-to-minus-one'],
  },
  {
    says: 'It gives at most `limit` orders, all where there are fewer, none for 0.',
    checks: ['02.newest.limit'],
    broken: ['slice-from-the-end', 'zero-is-no-limit'],
  },
  {
    says: 'It leaves half-written orders out.',
    checks: ['02.newest.half'],
    broken: ['half-orders-shown'],
  },
  {
    says: 'It makes no round trip for each order.',
    checks: ['02.newest.trips'],
    broken: ['one-trip-an-order', 'index-one-by-one'],
  },
  {
    says: 'It takes no KEYS, and reads no orders that are not asked for.',
    checks: ['02.newest.gentle'],
    broken: ['newest-by-keys', 'reads-all', 'whole-index'],
  },
  {
    says: 'Each order comes once, also where SCAN gives its key twice.',
    checks: ['02.newest.once'],
    broken: ['own-scan-gives-twice'],
  },
  {
    says: 'It throws a RangeError where `limit` is not a whole number of at least 0.',
    checks: ['02.newest.bad-limit'],
    broken: ['any-limit', 'nan-passes'],
  },
  {
    says: 'An error of Redis is never an empty or a shorter list.',
    checks: ['02.newest.errors'],
    broken: ['deaf-pipeline', 'empty-when-unreachable', 'error-of-the-first-reply', 'swallows-errors'],
  },
];
