import type { Sentences } from '../../kit/prove/sentences.ts';

export const sentences: Sentences = [
  {
    says: 'What you remember stands under keys that begin with `sales:`.',
    checks: ['05.record.keys'],
    broken: ['a-key-of-its-own'],
  },
  {
    says: '`limit` is how many rows a report has at most: 10 by default, none with `limit: 0`.',
    checks: ['05.reports.limit'],
    broken: ['five-unless-told', 'zero-is-all'],
  },
  {
    says: "An error of Redis or MySQL is the caller's: it never looks like a report of nothing, or like a success.",
    checks: ['05.reports.errors', '05.rebuild.fails'],
    broken: ['sale-lost-in-silence', 'nothing-sold', 'says-that-all-is-well'],
  },
  {
    says: 'Who opens a connection, or takes one from the pool, ends it or gives it back, also where something fails.',
    checks: ['05.record.connections', '05.rebuild.fails'],
    broken: ['never-disconnects', 'keeps-its-connection'],
  },
  {
    says: "recordSale counts the items of an order, in each product's counter and in the sorted set; a product may stand in it twice.",
    checks: ['05.record.counts'],
    broken: ['last-item-wins'],
  },
  {
    says: 'recordSale counts once for each order id, also an order that is delivered twice.',
    checks: ['05.record.twice', '05.record.at-once', '05.record.crash', '05.rebuild.remembers'],
    broken: ['counts-again'],
  },
  {
    says: 'Delivered by two applications at once it counts once.',
    checks: ['05.record.at-once'],
    broken: ['looks-then-counts', 'turns-in-the-process', 'watch-on-shared-connection'],
  },
  {
    says: 'All of it or nothing: a process that is killed at any moment, and then does it again, leaves exact numbers.',
    checks: ['05.record.crash', '05.record.at-once'],
    broken: ['counts-first', 'remembers-first'],
  },
  {
    says: 'revertSale takes back what was counted, once; nothing where it was not counted.',
    checks: ['05.revert.takes-back', '05.revert.at-once', '05.rebuild.remembers'],
    broken: ['takes-back-anything'],
  },
  {
    says: 'What was counted decides, also where the order has changed since.',
    checks: ['05.revert.what-was-counted'],
    broken: ['takes-back-what-it-is-told'],
  },
  {
    says: 'revertSale is as exact as recordSale: at once, and killed at any moment.',
    checks: ['05.revert.at-once', '05.revert.crash'],
    broken: ['looks-then-takes-back', 'takes-back-in-turns', 'forgets-first'],
  },
  {
    says: 'getHighestSpendingUsers adds up the orders of each user, most spent first.',
    checks: ['05.spenders.sum'],
    broken: ['spent-as-text'],
  },
  {
    says: 'Of two who are equal the smaller id comes first, also at the limit.',
    checks: ['05.reports.ties'],
    broken: ['ties-as-they-come', 'cut-by-redis'],
  },
  {
    says: 'Sums are exact to the cent however large they are.',
    checks: ['05.spenders.money'],
    broken: ['float-money', 'cents-as-number'],
  },
  {
    says: "An amount has two places, one or none: '12.50', '12.5', '12'. The sum has two.",
    checks: ['05.spenders.money'],
    broken: ['cents-without-the-point'],
  },
  {
    says: "An order's key is `order:` and the digits of its id; other keys belong to somebody else, whatever type they have.",
    checks: ['05.orders.others'],
    broken: ['digits-at-the-end', 'two-parts', 'begins-with-a-number', 'every-hash'],
  },
  {
    says: 'Orders are read in batches, with at most 1,000 commands on their way at once.',
    checks: ['05.orders.many'],
    broken: ['one-by-one', 'one-huge-pipeline', 'limit-1999'],
  },
  {
    says: 'An order may be deleted meanwhile.',
    checks: ['05.orders.vanish'],
    broken: ['stumbles'],
  },
  {
    says: 'SCAN may give a key twice: an order counts once.',
    checks: ['05.orders.once'],
    broken: ['as-scan-gives-them'],
  },
  {
    says: 'getBestSellersFromOrders adds up the quantities of each product, most sold first.',
    checks: ['05.orders.sum'],
    broken: ['first-ten-items', 'sums-as-text'],
  },
  {
    says: 'Products never sold are left out, and a report of nothing is an empty list.',
    checks: ['05.counters.report', '05.revert.takes-back', '05.reports.empty'],
    broken: ['mget-of-nothing'],
  },
  {
    says: 'getBestSellersFromCounters reads the counters `product_sold:<id>`, and no other keys.',
    checks: ['05.counters.report'],
    broken: ['every-counter', 'counters-as-text'],
  },
  {
    says: 'It does so without one round trip for each of them.',
    checks: ['05.counters.trips'],
    broken: ['get-each'],
  },
  {
    says: 'getBestSellers reads the sorted set in one round trip.',
    checks: ['05.best.trip'],
    broken: ['names-afterwards'],
  },
  {
    says: "It gives names; a product whose name is not in `products:names` is called by its number: '#4'.",
    checks: ['05.best.names'],
    broken: ['no-name'],
  },
  {
    says: 'rebuildSales makes counters, sorted set and names anew from MySQL: exact, whatever was there before.',
    checks: ['05.rebuild.exact'],
    broken: ['keeps-old-names', 'renames-nothing'],
  },
  {
    says: 'Afterwards recordSale of an order that MySQL has counts nothing, and revertSale takes it back.',
    checks: ['05.rebuild.remembers'],
    broken: ['rebuilds-without-memory', 'memory-with-an-end'],
  },
  {
    says: 'An order that MySQL does not have is not counted any more, also after a killed rebuild.',
    checks: ['05.rebuild.remembers', '05.rebuild.crash', '05.rebuild.exact'],
    broken: ['remembers-in-place', 'memory-of-a-killed-one', 'adds-to-what-a-crash-left'],
  },
  {
    says: 'Whoever reads meanwhile, or after a crash, sees the old report or the new one, names included.',
    checks: ['05.rebuild.crash'],
    broken: ['swaps-by-pipeline', 'swaps-in-two', 'names-first'],
  },
  {
    says: 'MySQL may hold a million orders: rebuildSales reads and writes in batches.',
    checks: ['05.rebuild.bounded'],
    broken: ['everything-at-once', 'one-order-at-a-time'],
  },
];
