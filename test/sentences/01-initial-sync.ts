import type { Sentences } from '../../kit/prove/sentences.ts';

export const sentences: Sentences = [
  {
    says: 'waitForMysql() resolves to 1 where MySQL answered at once, without a pause before.',
    checks: ['01.wait.first'],
    broken: ['attempt-zero'],
  },
  {
    says: 'A connection that waitForMysql() takes from the pool it gives back.',
    checks: ['01.wait.first'],
    broken: ['keeps-the-connection-of-an-attempt'],
  },
  {
    says: 'waitForMysql() resolves to the number of attempts it took.',
    checks: ['01.wait.retry'],
    broken: ['always-one', 'attempts-from-zero'],
  },
  {
    says: 'It waits delayMs milliseconds between two attempts, always as long.',
    checks: ['01.wait.delay'],
    broken: ['no-pause', 'grows-its-pauses'],
  },
  {
    says: 'It does not wait after the last attempt.',
    checks: ['01.wait.gives-up'],
    broken: ['pauses-after-the-last'],
  },
  {
    says: "When `retries` attempts, 30 by default, have failed it throws an Error whose name is 'MysqlUnavailable'.",
    checks: ['01.wait.gives-up'],
    broken: ['never-gives-up-early', 'plain-error', 'ten-attempts-by-default'],
  },
  {
    says: 'Each order becomes a hash with its user and its items, in the order of order_items.id.',
    checks: ['01.sync.exact'],
    broken: ['items-unordered', 'zero-items-count', 'stops-at-a-gap'],
  },
  {
    says: 'total_amount is exactly the text that MySQL sends.',
    checks: ['01.sync.money'],
    broken: ['float-money'],
  },
  {
    says: 'Every order is copied, however many there are.',
    checks: ['01.sync.many'],
    broken: ['limit-9999', 'page-off-by-one'],
  },
  {
    says: 'Orders are read and written in batches, never all at once, and not one by one.',
    checks: ['01.sync.bounded'],
    broken: ['all-orders-then-pages-of-items', 'everything-at-once', 'one-by-one', 'one-huge-pipeline'],
  },
  {
    says: 'Other keys of Redis are neither counted nor touched.',
    checks: ['01.sync.others'],
    broken: ['counts-every-key', 'counts-locks', 'flushes-first'],
  },
  {
    says: 'The marker stands under a key that does not begin with order:.',
    checks: ['01.sync.leaves'],
    broken: ['marker-as-an-order'],
  },
  {
    says: 'The hash of an order has no time to live.',
    checks: ['01.sync.leaves'],
    broken: ['orders-for-a-day'],
  },
  {
    says: 'Connections that the sync takes or opens it gives back.',
    checks: ['01.sync.leaves'],
    broken: ['client-of-its-own'],
  },
  {
    says: 'The next start transfers only what is new.',
    checks: ['01.sync.new-only'],
    broken: ['reads-all-again'],
  },
  {
    says: 'What is new comes at every later start, whatever was cancelled, lost or already there meanwhile.',
    checks: ['01.sync.later'],
    broken: ['compares-numbers', 'forgets-at-rest', 'offset'],
  },
  {
    says: 'It resolves to the number of orders available in Redis, not in MySQL.',
    checks: ['01.sync.later'],
    broken: ['counts-in-mysql'],
  },
  {
    says: 'The next start finishes what a crash has left half done.',
    checks: ['01.sync.crash'],
    broken: ['count-twice'],
  },
  {
    says: 'What Redis refused to write comes with the next sync.',
    checks: ['01.sync.errors'],
    broken: ['deaf-pipeline', 'done-if-any'],
  },
  {
    says: 'Connections are given back also where a sync fails.',
    checks: ['01.sync.errors'],
    broken: ['keeps-the-connection-of-failures'],
  },
  {
    says: 'An error of MySQL is no order without items.',
    checks: ['01.sync.read-errors'],
    broken: ['error-is-no-items'],
  },
  {
    says: 'startStoreManager() waits, syncs once, then calls listen() once.',
    checks: ['01.start.order'],
    broken: ['listens-first', 'listens-twice'],
  },
  {
    says: 'When the sync fails, it warns and starts the server all the same, and reports no number of orders.',
    checks: ['01.start.sync-fails'],
    broken: ['attempts-only-of-good-starts', 'error-is-the-end'],
  },
  {
    says: 'When MySQL stays away, it warns and starts the server all the same.',
    checks: ['01.start.no-mysql'],
    broken: ['silent-without-mysql'],
  },
  {
    says: 'It hands its options on to waitForMysql().',
    checks: ['01.start.no-mysql'],
    broken: ['delay-is-not-passed-on', 'no-retries-passed-on'],
  },
  {
    says: 'The error of a listen() that fails reaches the caller.',
    checks: ['01.start.listen-fails'],
    broken: ['listen-in-try', 'deaf-without-mysql'],
  },
];
