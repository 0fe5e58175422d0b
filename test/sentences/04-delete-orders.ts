import type { Sentences } from '../../kit/prove/sentences.ts';

/** What labs/04-delete-orders.ts promises, sentence by sentence. */
export const sentences: Sentences = [
  {
    says: 'deleteOrderFromRedis() deletes the hash, the whole of it.',
    checks: ['04.one.whole'],
    broken: ['known-fields'],
  },
  {
    says: 'It resolves to whether the order was there.',
    checks: ['04.one.missing'],
    broken: ['always-true'],
  },
  {
    says: 'onDeleted() is called only where this call really deleted the order.',
    checks: ['04.told.really'],
    broken: ['tells-always'],
  },
  {
    says: 'onDeleted() is told of the order as it was, as plain data: ids as numbers, createdAt a Date, left out where there is none.',
    checks: ['04.told.order'],
    broken: ['date-as-text', 'one-date-as-text', 'many-without-date', 'invalid-date'],
  },
  {
    says: 'Items are told in the order of their numbers.',
    checks: ['04.told.items'],
    broken: ['items-sorted-as-text'],
  },
  {
    says: 'Money stays text.',
    checks: ['04.told.money'],
    broken: ['float-money', 'one-float-money'],
  },
  {
    says: 'Whatever two applications do at once, each order is told once.',
    checks: ['04.race.calls', '04.race.clients', '04.race.change'],
    broken: ['exists-first', 'watch-on-shared-connection', 'lock-in-this-process', 'hash-decides'],
  },
  {
    says: "No order is told as it was before somebody's last change: reading and deleting are one step.",
    checks: ['04.race.change'],
    broken: ['reads-too-early', 'pipeline', 'pipeline-in-one'],
  },
  {
    says: 'The callback runs after the order is gone, after all of them are gone, and is awaited.',
    checks: ['04.told.after'],
    broken: ['one-is-not-awaited', 'one-tells-first'],
  },
  {
    says: "An error of onDeleted() is the caller's, once the other orders were told.",
    checks: ['04.told.fails'],
    broken: [
      'hides-callback-errors',
      'stops-at-the-first',
      'one-hides-callback-errors',
      'promise-all',
      'aggregate-error',
    ],
  },
  {
    says: 'No other key changes or is left behind, and connections that it opens are closed.',
    checks: ['04.one.others'],
    broken: ['by-pattern', 'index-by-rank', 'tombstone', 'own-connections'],
  },
  {
    says: 'Where orders:index is kept the order is taken out of it.',
    checks: ['04.one.others'],
    broken: ['index-kept', 'index-kept-by-one', 'index-by-key'],
  },
  {
    says: "An error of Redis is the caller's.",
    checks: ['04.one.down'],
    broken: ['swallows', 'field-down-is-false', 'refused-is-nothing'],
  },
  {
    says: 'deleteOrderField() deletes one field, and resolves to whether it was there; any field may go that is not needed.',
    checks: ['04.field.one'],
    broken: ['field-begins', 'field-ends', 'field-item-anything', 'field-any-case', 'field-in-an-object'],
  },
  {
    says: 'Asked to delete a field that an order needs it throws OrderFieldNeeded, and nothing changes.',
    checks: ['04.field.needed'],
    broken: [
      'field-any',
      'field-one-digit',
      'field-two-digits',
      'field-deleted-then-refused',
      'field-plain-error',
    ],
  },
  {
    says: 'Of two callers at once only one hears true.',
    checks: ['04.field.race'],
    broken: ['field-looks-first', 'field-looks-in-a-pipeline'],
  },
  {
    says: 'deleteOrdersFromRedis() deletes many orders, and resolves to how many were there.',
    checks: ['04.many.count', '04.many.twice'],
    broken: ['counts-ids'],
  },
  {
    says: 'It takes one round trip.',
    checks: ['04.many.trip'],
    broken: ['one-by-one'],
  },
  {
    says: 'An id given twice counts once.',
    checks: ['04.many.twice'],
    broken: ['twice-told'],
  },
  {
    says: 'For no ids it resolves to 0 and sends nothing.',
    checks: ['04.many.empty'],
    broken: ['empty-transaction', 'empty-del'],
  },
];
