import type { WrongSolutions } from '../../kit/prove/kept/wrong-solutions.ts';

export const wrong: WrongSolutions = {
  base: 'test/right/05-best-sellers/scripts.ts',
  solutions: [
    {
      name: 'adds-to-what-a-crash-left',
      fails: ['05.rebuild.crash'],
      why: 'Adds up in a key of a fixed name, and does not look whether a crash has left something there.',
      edits: [
        [
          `const sold = new Map<number, number>();
           let any = false;`,
          'let any = false;',
        ],
        [
          "const of = new Map<number, Order['items']>(orders.map(({ id }: any) => [id, []]));",
          `const of = new Map<number, Order['items']>(orders.map(({ id }: any) => [id, []]));
           const page = redis.pipeline();`,
        ],
        [
          'sold.set(product_id, (sold.get(product_id) ?? 0) + quantity)',
          "page.zincrby('sales:next', quantity, String(product_id))",
        ],
        [
          'redis.hset(`sales:new:${run}`, ...[...of].flatMap(([id, items]) => [String(id), itemsText(items)]))',
          `page
             .hset(\`sales:new:\${run}\`, ...[...of].flatMap(([id, items]) => [String(id), itemsText(items)]))
             .exec()`,
        ],
        [
          "for (const [id, n] of sold) swap.set(key(id), n).zadd('products:sold', n, String(id));",
          `const next = await redis.zrange('sales:next', 0, '-1', 'WITHSCORES');
           for (let i = 0; i < next.length; i += 2) swap.set(key(next[i]!), next[i + 1]!);
           if (next.length > 0) swap.rename('sales:next', 'products:sold');`,
        ],
      ],
    },
    {
      name: 'cents-as-number',
      fails: ['05.spenders.money'],
      why: 'Whole cents, but as a number: beyond 2^53 they are not whole any more.',
      edits: [
        ['new Map<number, bigint>()', 'new Map<number, number>()'],
        ['centsOf(hash.total_amount!)', 'Number(centsOf(hash.total_amount!))'],
        ['spent.get(Number(hash.user_id)) ?? 0n', 'spent.get(Number(hash.user_id)) ?? 0'],
      ],
    },
    {
      name: 'counters-as-text',
      fails: ['05.counters.report'],
      why: 'Leaves the counters text: 9 is more than 10.',
      edits: [
        [
          "return report(new Map(keys.map((name, i) => [Number(name.split(':')[1]), Number(values[i])])), limit);",
          `const rows = keys.map((name, i) => ({ productId: Number(name.split(':')[1]), sold: values[i]! }));
           rows.sort((a, b) => (a.sold < b.sold ? 1 : a.sold > b.sold ? -1 : a.productId - b.productId));
           return rows
             .map((row) => ({ ...row, sold: Number(row.sold) }))
             .filter((row) => row.sold > 0)
             .slice(0, limit);`,
        ],
      ],
    },
    {
      name: 'counts-again',
      fails: ['05.record.twice'],
      why: 'Counts an order each time that it is delivered.',
      edits: [
        [
          "if redis.call('HSETNX', 'sales:counted', ARGV[1], ARGV[2]) == 0 then return end",
          "redis.call('HSET', 'sales:counted', ARGV[1], ARGV[2])",
        ],
      ],
    },
    {
      name: 'counts-first',
      fails: ['05.record.crash'],
      why: 'Counts, then remembers: a crash between the two counts the sale twice.',
      edits: [
        [
          `export async function recordSale({ redis }: { redis: Redis }, order: Order): Promise<void> {
             await redis.eval(record, 0, order.id, itemsText(order.items));
           }`,
          `const busy = new Map<number, Promise<void>>();
           /** One call at a time for an order; another application is not kept out. */
           export async function recordSale({ redis }: { redis: Redis }, order: Order): Promise<void> {
             const turn = (busy.get(order.id) ?? Promise.resolve()).then(async () => {
               if (await redis.hexists('sales:counted', String(order.id))) return;
               const change = redis.multi();
               for (const item of itemsText(order.items).split(',').filter(Boolean)) {
                 const [id, n] = item.split(':') as [string, string];
                 change.incrby(key(id), n).zincrby('products:sold', n, id);
               }
               await change.exec();
               await redis.hset('sales:counted', String(order.id), itemsText(order.items));
             });
             busy.set(
               order.id,
               turn.catch(() => {}),
             );
             await turn;
           }`,
        ],
      ],
    },
    {
      name: 'counts-orders',
      fails: ['05.orders.sum'],
      why: 'Counts how many orders a product stands in.',
      edits: [['Number(hash[`item_${i}_quantity`])', '1']],
    },
    {
      name: 'cut-by-redis',
      fails: ['05.reports.ties'],
      why: 'Lets the sorted set cut at the limit: of equal scores it takes the wrong ones.',
      edits: [
        [
          `const replies = (await redis
             .multi()`,
          `if (limit === 0) return [];
           const replies = (await redis
             .multi()`,
        ],
        [
          ".zrange('products:sold', '0', '-1', 'WITHSCORES')",
          ".zrevrange('products:sold', 0, limit - 1, 'WITHSCORES')",
        ],
      ],
    },
    {
      name: 'empties-first',
      fails: ['05.rebuild.crash'],
      why: 'Empties everything, then fills it: whoever reads meanwhile sees nothing.',
      edits: [
        [
          'const run = randomUUID();',
          `const run = randomUUID();
           const stale = await counters(redis);
           await redis.del('products:sold', ...stale);`,
        ],
      ],
    },
    {
      name: 'every-counter',
      fails: ['05.counters.report'],
      why: 'Takes product_sold:600:week for the counter of product 600.',
      edits: [['/^product_sold:\\d+$/', '/^product_sold:\\d+/']],
    },
    {
      name: 'every-hash',
      fails: ['05.orders.others'],
      why: 'Takes every hash whose key begins with order: for an order.',
      edits: [
        ["{ match: 'order:*', count: 1000 }", "{ match: 'order:*', count: 1000, type: 'hash' }"],
        ['/^order:\\d+$/.test(name) && !seen.has(name)', '!seen.has(name)'],
      ],
    },
    {
      name: 'every-key',
      fails: ['05.orders.others'],
      why: 'Asks HGETALL of keys that are no hash.',
      edits: [['/^order:\\d+$/.test(name) && !seen.has(name)', '!seen.has(name)']],
    },
    {
      name: 'everything-at-once',
      fails: ['05.rebuild.bounded'],
      why: 'Reads every row before it writes the first.',
      edits: [
        [
          "'SELECT id FROM orders WHERE id > ? ORDER BY id LIMIT 1000'",
          "'SELECT id FROM orders WHERE id > ? ORDER BY id LIMIT 10000000'",
        ],
      ],
    },
    {
      name: 'first-ten-items',
      fails: ['05.orders.sum'],
      why: 'Reads item_0 to item_9.',
      edits: [['Number(hash.items_count)', 'Math.min(10, Number(hash.items_count))']],
    },
    {
      name: 'five-unless-told',
      fails: ['05.reports.limit'],
      why: 'Another default.',
      edits: [
        [
          'export async function getHighestSpendingUsers({ redis }: { redis: Redis }, { limit = 10 }: Limit = {}) {',
          'export async function getHighestSpendingUsers({ redis }: { redis: Redis }, { limit = 5 }: Limit = {}) {',
        ],
      ],
    },
    {
      name: 'float-money',
      fails: ['05.spenders.money'],
      why: 'Adds floats and rounds at the end.',
      edits: [
        ['new Map<number, bigint>()', 'new Map<number, number>()'],
        ['cents = centsOf(hash.total_amount!)', 'user = Number(hash.user_id)'],
        [
          'Number(hash.user_id), (spent.get(Number(hash.user_id)) ?? 0n) + cents',
          'user, (spent.get(user) ?? 0) + Number(hash.total_amount)',
        ],
        ['(x === y ? a - b : x < y ? 1 : -1)', 'y - x || a - b'],
        [
          `.map(([userId, cents]) => {
             const text = String(cents).padStart(3, '0');
             return { userId, spent: \`\${text.slice(0, -2)}.\${text.slice(-2)}\` };
           });`,
          '.map(([userId, sum]) => ({ userId, spent: sum.toFixed(2) }));',
        ],
      ],
    },
    {
      name: 'forgets-first',
      fails: ['05.revert.crash'],
      why: 'Forgets the order, then takes it back: a crash between the two leaves it counted for ever.',
      edits: [
        [
          `export async function revertSale({ redis }: { redis: Redis }, order: Order): Promise<void> {
             await redis.eval(revert, 0, order.id);
           }`,
          `export async function revertSale({ redis }: { redis: Redis }, order: Order): Promise<void> {
             const items = await redis.hget('sales:counted', String(order.id));
             if (items === null || (await redis.hdel('sales:counted', String(order.id))) === 0) return;
             const change = redis.multi();
             for (const item of items.split(',').filter(Boolean)) {
               const [id, n] = item.split(':') as [string, string];
               change.decrby(key(id), n).zincrby('products:sold', -Number(n), id);
             }
             await change.exec();
           }`,
        ],
      ],
    },
    {
      name: 'get-each',
      fails: ['05.counters.trips'],
      why: 'One awaited GET a counter, as the report did.',
      edits: [
        [
          'const values = await redis.mget(keys);',
          `const values: (string | null)[] = [];
           for (const name of keys) values.push(await redis.get(name));`,
        ],
      ],
    },
    {
      name: 'keeps-old-counters',
      fails: ['05.rebuild.exact'],
      why: 'Counters of products that nobody buys any more stay.',
      edits: [['if (old.length > 0) swap.del(...old);', '']],
    },
    {
      name: 'keeps-old-names',
      fails: ['05.rebuild.exact'],
      why: 'Names of products that are gone stay.',
      edits: [["'products:sold', 'products:names', 'sales:counted'", "'products:sold', 'sales:counted'"]],
    },
    {
      name: 'last-item-wins',
      fails: ['05.record.counts'],
      why: 'A product that stands in an order twice counts with its last quantity.',
      edits: [['(sums.get(productId) ?? 0) + quantity', 'quantity']],
    },
    {
      name: 'last-order-only',
      fails: ['05.spenders.sum'],
      why: 'Keeps the amount of the order that came last.',
      edits: [['(spent.get(Number(hash.user_id)) ?? 0n) + cents', 'cents']],
    },
    {
      name: 'limit-1999',
      fails: ['05.orders.many'],
      why: 'A limit, as the report had one of 9999: the 2,000th order is never looked at.',
      edits: [
        [
          'const fresh = (keys as string[]).filter((name) => /^order:\\d+$/.test(name) && !seen.has(name));',
          `if (seen.size > 1999) continue;
           const fresh = (keys as string[]).filter((name) => /^order:\\d+$/.test(name) && !seen.has(name));`,
        ],
      ],
    },
    {
      name: 'looks-then-counts',
      fails: ['05.record.at-once'],
      why: 'Looks, then counts in a MULTI: two that look at once both count.',
      edits: [
        [
          'await redis.eval(record, 0, order.id, itemsText(order.items))',
          `if (await redis.hexists('sales:counted', String(order.id))) return;
           const change = redis.multi();
           for (const item of itemsText(order.items).split(',').filter(Boolean)) {
             const [id, n] = item.split(':') as [string, string];
             change.incrby(key(id), n).zincrby('products:sold', n, id);
           }
           await change.hset('sales:counted', String(order.id), itemsText(order.items)).exec()`,
        ],
      ],
    },
    {
      name: 'looks-then-takes-back',
      fails: ['05.revert.at-once'],
      why: 'Looks, then takes back in a MULTI: two that look at once both take back.',
      edits: [
        [
          `export async function revertSale({ redis }: { redis: Redis }, order: Order): Promise<void> {
             await redis.eval(revert, 0, order.id);
           }`,
          `export async function revertSale({ redis }: { redis: Redis }, order: Order): Promise<void> {
             const items = await redis.hget('sales:counted', String(order.id));
             if (items === null) return;
             const change = redis.multi();
             for (const item of items.split(',').filter(Boolean)) {
               const [id, n] = item.split(':') as [string, string];
               change.decrby(key(id), n).zincrby('products:sold', -Number(n), id);
             }
             await change.hdel('sales:counted', String(order.id)).exec();
           }`,
        ],
      ],
    },
    {
      name: 'mget-of-nothing',
      fails: ['05.reports.empty'],
      why: 'MGET without a key is an error.',
      edits: [['if (keys.length === 0) return [];', '']],
    },
    {
      name: 'names-afterwards',
      fails: ['05.best.trip'],
      why: 'Scores first, then the names: two round trips.',
      edits: [
        [
          `const replies = (await redis
             .multi()
             .zrange('products:sold', '0', '-1', 'WITHSCORES')
             .hgetall('products:names')
             .exec())!;
           const flat = replies[0]![1] as string[];
           const names = replies[1]![1] as Record<string, string>;`,
          "const flat = await redis.zrange('products:sold', '0', '-1', 'WITHSCORES');",
        ],
        [
          'return report(sold, limit).map((row) => ({ ...row, name: names[row.productId] ?? `#${row.productId}` }));',
          `const rows = report(sold, limit);
           if (rows.length === 0) return [];
           const names = await redis.hmget('products:names', ...rows.map((row) => String(row.productId)));
           return rows.map((row, i) => ({ ...row, name: names[i] ?? \`#\${row.productId}\` }));`,
        ],
      ],
    },
    {
      name: 'no-name',
      fails: ['05.best.names'],
      why: 'Has no name for a product that is not in products:names.',
      edits: [['`#${row.productId}`', "''"]],
    },
    {
      name: 'one-by-one',
      fails: ['05.orders.many'],
      why: 'One awaited HGETALL an order, as the report did.',
      edits: [
        [
          `const replies = (await redis.pipeline([...new Set(fresh)].map((name) => ['hgetall', name])).exec())!;
           for (const [error, hash] of replies) {
             if (error) throw error;`,
          `for (const name of fresh) {
             const hash = await redis.hgetall(name);`,
        ],
      ],
    },
    {
      name: 'one-each',
      fails: ['05.record.counts'],
      why: 'INCR: one for each item, whatever its quantity.',
      edits: [
        ["redis.call('INCRBY', 'product_sold:' .. id, n)", "redis.call('INCRBY', 'product_sold:' .. id, 1)"],
      ],
    },
    {
      name: 'one-huge-pipeline',
      fails: ['05.orders.many'],
      why: 'One pipeline for everything.',
      edits: [
        [
          `const seen = new Set<string>();
           for await (const keys of redis.scanStream({ match: 'order:*', count: 1000 })) {
             const fresh = (keys as string[]).filter((name) => /^order:\\d+$/.test(name) && !seen.has(name));
             for (const name of fresh) seen.add(name);
             if (fresh.length === 0) continue;
             const replies = (await redis.pipeline([...new Set(fresh)].map((name) => ['hgetall', name])).exec())!;
             for (const [error, hash] of replies) {
               if (error) throw error;
               if (Object.keys(hash as object).length > 0) yield hash as Record<string, string>;
             }`,
          `const keys = (await redis.keys('order:*')).filter((name) => /^order:\\d+$/.test(name));
           if (keys.length === 0) return;
           for (const [error, hash] of (await redis.pipeline(keys.map((name) => ['hgetall', name])).exec())!) {
             if (error) throw error;
             if (Object.keys(hash as object).length > 0) yield hash as Record<string, string>;`,
        ],
      ],
    },
    {
      name: 'one-order-at-a-time',
      fails: ['05.rebuild.bounded'],
      why: 'One query and one write an order.',
      edits: [
        [
          "'SELECT id FROM orders WHERE id > ? ORDER BY id LIMIT 1000'",
          "'SELECT id FROM orders WHERE id > ? ORDER BY id LIMIT 1'",
        ],
      ],
    },
    {
      name: 'rebuilds-without-memory',
      fails: ['05.rebuild.remembers'],
      why: 'Makes the numbers anew and forgets which orders are in them.',
      edits: [["swap.rename(`sales:new:${run}`, 'sales:counted')", 'swap.del(`sales:new:${run}`)']],
    },
    {
      name: 'remembers-first',
      fails: ['05.record.crash'],
      why: 'Remembers the order, then counts it: a crash between the two loses the sale for ever.',
      edits: [
        [
          'await redis.eval(record, 0, order.id, itemsText(order.items));',
          `if ((await redis.hsetnx('sales:counted', String(order.id), itemsText(order.items))) === 0) return;
           const change = redis.multi();
           for (const item of itemsText(order.items).split(',').filter(Boolean)) {
             const [id, n] = item.split(':') as [string, string];
             change.incrby(key(id), n).zincrby('products:sold', n, id);
           }
           await change.exec();`,
        ],
      ],
    },
    {
      name: 'remembers-in-the-process',
      fails: ['05.record.twice'],
      why: 'Remembers in a Set: gone with the next start.',
      edits: [
        [
          "if redis.call('HSETNX', 'sales:counted', ARGV[1], ARGV[2]) == 0 then return end",
          "redis.call('HSET', 'sales:counted', ARGV[1], ARGV[2])",
        ],
        [
          `  redis.call('ZINCRBY', 'products:sold', -n, id)
           end\`;`,
          `  redis.call('ZINCRBY', 'products:sold', -n, id)
           end\`;
           const counted = new Set<number>();`,
        ],
        [
          'await redis.eval(record, 0, order.id, itemsText(order.items));',
          `if (counted.has(order.id)) return;
           counted.add(order.id);
           await redis.eval(record, 0, order.id, itemsText(order.items));`,
        ],
      ],
    },
    {
      name: 'shows-zero',
      fails: ['05.revert.takes-back'],
      why: 'Lists products that nobody bought.',
      edits: [
        [
          `return [...sold]
             .filter(([, n]) => n > 0)`,
          'return [...sold]',
        ],
      ],
    },
    {
      name: 'spent-as-text',
      fails: ['05.spenders.sum'],
      why: 'Sorts the amounts as text: 99.00 before 100.00.',
      edits: [['x === y ? a - b : x < y ? 1 : -1', 'x === y ? a - b : String(x) < String(y) ? 1 : -1']],
    },
    {
      name: 'stumbles',
      fails: ['05.orders.vanish'],
      why: 'Takes the {} of an order that is gone for an order.',
      edits: [
        [
          'if (Object.keys(hash as object).length > 0) yield hash as Record<string, string>;',
          'yield hash as Record<string, string>;',
        ],
      ],
    },
    {
      name: 'swaps-by-pipeline',
      fails: ['05.rebuild.crash'],
      why: 'A pipeline is not a transaction: a crash in the middle leaves half a report.',
      edits: [['swap = redis.multi()', 'swap = redis.pipeline()']],
    },
    {
      name: 'swaps-in-two',
      fails: ['05.rebuild.crash'],
      why: 'Swaps the counters in one MULTI and the sorted set in the next: in between the reports differ.',
      edits: [
        ['const swap = redis.multi()', 'let swap = redis.multi()'],
        [
          "swap.del('products:sold', 'products:names', 'sales:counted')",
          `for (const [id, n] of sold) swap.set(key(id), n);
           await swap.exec();
           swap = redis.multi().del('products:sold', 'products:names', 'sales:counted')`,
        ],
        ['swap.set(key(id), n).zadd', 'swap.zadd'],
      ],
    },
    {
      name: 'takes-back-anything',
      fails: ['05.revert.takes-back'],
      why: 'Takes back what was never counted.',
      edits: [
        ['if not items then return end', 'if not items then items = ARGV[2] end'],
        ['redis.eval(revert, 0, order.id)', 'redis.eval(revert, 0, order.id, itemsText(order.items))'],
      ],
    },
    {
      name: 'takes-back-what-it-is-told',
      fails: ['05.revert.what-was-counted'],
      why: 'Takes away the quantities of the order as it is now.',
      edits: [
        [
          "redis.call('HDEL', 'sales:counted', ARGV[1])",
          `redis.call('HDEL', 'sales:counted', ARGV[1])
           items = ARGV[2]`,
        ],
        ['redis.eval(revert, 0, order.id)', 'redis.eval(revert, 0, order.id, itemsText(order.items))'],
      ],
    },
    {
      name: 'ties-as-they-come',
      fails: ['05.reports.ties'],
      why: 'Leaves users who spent the same in the order in which SCAN met them.',
      edits: [
        [
          '([a, x], [b, y]) => (x === y ? a - b : x < y ? 1 : -1)',
          '([, x], [, y]) => (x === y ? 0 : x < y ? 1 : -1)',
        ],
      ],
    },
    {
      name: 'watch-on-shared-connection',
      fails: ['05.record.at-once'],
      why: 'WATCH belongs to a connection, and all calls share this one.',
      edits: [
        [
          `export async function recordSale({ redis }: { redis: Redis }, order: Order): Promise<void> {
             await redis.eval(record, 0, order.id, itemsText(order.items));
           }`,
          `export async function recordSale({ redis }: { redis: Redis }, order: Order): Promise<void> {
             for (;;) {
               await redis.watch('sales:counted');
               if (await redis.hexists('sales:counted', String(order.id))) {
                 await redis.unwatch();
                 return;
               }
               const change = redis.multi();
               for (const item of itemsText(order.items).split(',').filter(Boolean)) {
                 const [id, n] = item.split(':') as [string, string];
                 change.incrby(key(id), n).zincrby('products:sold', n, id);
               }
               if (await change.hset('sales:counted', String(order.id), itemsText(order.items)).exec()) return;
             }
           }`,
        ],
      ],
    },
    {
      name: 'zero-is-all',
      fails: ['05.reports.limit'],
      why: 'Takes 0 for "not told".',
      edits: [
        [
          `.sort(([a, x], [b, y]) => y - x || a - b)
           .slice(0, limit)`,
          `.sort(([a, x], [b, y]) => y - x || a - b)
           .slice(0, limit || 10)`,
        ],
      ],
    },
    {
      name: 'cents-without-the-point',
      fails: ['05.spenders.money'],
      why: "Takes the point out: '12.5' is 125 cents.",
      edits: [['centsOf(hash.total_amount!)', "BigInt(hash.total_amount!.replace('.', ''))"]],
    },
    {
      name: 'digits-at-the-end',
      fails: ['05.orders.others'],
      why: 'Takes order:copy:order:7 for order 7.',
      edits: [
        ['/^order:\\d+$/.test(name) && !seen.has(name)', '/order:\\d+$/.test(name) && !seen.has(name)'],
      ],
    },
    {
      name: 'two-parts',
      fails: ['05.orders.others'],
      why: 'Takes every hash for an order whose key has two parts.',
      edits: [
        ["{ match: 'order:*', count: 1000 }", "{ match: 'order:*', count: 1000, type: 'hash' }"],
        ['/^order:\\d+$/.test(name) && !seen.has(name)', "name.split(':').length === 2 && !seen.has(name)"],
      ],
    },
    {
      name: 'begins-with-a-number',
      fails: ['05.orders.others'],
      why: 'Takes order:2026-01 for order 2026.',
      edits: [
        ["{ match: 'order:*', count: 1000 }", "{ match: 'order:*', count: 1000, type: 'hash' }"],
        [
          '/^order:\\d+$/.test(name) && !seen.has(name)',
          "name.split(':').length === 2 && Number.parseInt(name.slice(6), 10) > 0 && !seen.has(name)",
        ],
      ],
    },
    {
      name: 'as-scan-gives-them',
      fails: ['05.orders.once'],
      why: 'Counts an order each time that SCAN gives its key.',
      edits: [['/^order:\\d+$/.test(name) && !seen.has(name)', '/^order:\\d+$/.test(name)']],
    },
    {
      name: 'sums-as-text',
      fails: ['05.orders.sum'],
      why: 'Sorts what was sold as text: 83 before 2100.',
      edits: [
        [
          'return report(sold, limit);',
          `return report(sold, 1e9)
             .sort((a, b) => (String(a.sold) < String(b.sold) ? 1 : String(a.sold) > String(b.sold) ? -1 : 0))
             .slice(0, limit);`,
        ],
      ],
    },
    {
      name: 'turns-in-the-process',
      fails: ['05.record.at-once'],
      why: 'One call at a time in this process; another application that looks meanwhile counts too.',
      edits: [
        [
          `export async function recordSale({ redis }: { redis: Redis }, order: Order): Promise<void> {
             await redis.eval(record, 0, order.id, itemsText(order.items));
           }`,
          `let turns: Promise<unknown> = Promise.resolve();
           export function recordSale({ redis }: { redis: Redis }, order: Order): Promise<void> {
             const turn = turns.then(async () => {
               if (await redis.hexists('sales:counted', String(order.id))) return;
               const change = redis.multi().hset('sales:counted', String(order.id), itemsText(order.items));
               for (const item of itemsText(order.items).split(',').filter(Boolean)) {
                 const [id, n] = item.split(':') as [string, string];
                 change.incrby(key(id), n).zincrby('products:sold', n, id);
               }
               await change.exec();
             });
             turns = turn.catch(() => {});
             return turn;
           }`,
        ],
      ],
    },
    {
      name: 'takes-back-in-turns',
      fails: ['05.revert.at-once'],
      why: 'One call at a time in this process; another application that looks meanwhile takes back too.',
      edits: [
        [
          `export async function revertSale({ redis }: { redis: Redis }, order: Order): Promise<void> {
             await redis.eval(revert, 0, order.id);
           }`,
          `let turns: Promise<unknown> = Promise.resolve();
           export function revertSale({ redis }: { redis: Redis }, order: Order): Promise<void> {
             const turn = turns.then(async () => {
               const items = await redis.hget('sales:counted', String(order.id));
               if (items === null) return;
               const change = redis.multi().hdel('sales:counted', String(order.id));
               for (const item of items.split(',').filter(Boolean)) {
                 const [id, n] = item.split(':') as [string, string];
                 change.decrby(key(id), n).zincrby('products:sold', -Number(n), id);
               }
               await change.exec();
             });
             turns = turn.catch(() => {});
             return turn;
           }`,
        ],
      ],
    },
    {
      name: 'a-key-of-its-own',
      fails: ['05.record.keys'],
      why: 'Remembers something under a key that may be another application’s.',
      edits: [
        [
          "redis.call('INCRBY', 'product_sold:' .. id, n)",
          `redis.call('INCRBY', 'product_sold:' .. id, n)
           redis.call('SADD', 'orders:counted', ARGV[1])`,
        ],
      ],
    },
    {
      name: 'never-disconnects',
      fails: ['05.record.connections'],
      why: 'Opens a connection for each call and leaves it open.',
      edits: [
        [
          'await redis.eval(record, 0, order.id, itemsText(order.items));',
          'await redis.duplicate().eval(record, 0, order.id, itemsText(order.items));',
        ],
      ],
    },
    {
      name: 'remembers-in-place',
      fails: ['05.rebuild.remembers'],
      why: 'Adds to what is remembered: orders that MySQL does not have any more stay counted.',
      edits: [
        [
          "swap.del('products:sold', 'products:names', 'sales:counted');",
          "swap.del('products:sold', 'products:names');",
        ],
        [
          "if (any) swap.rename(`sales:new:${run}`, 'sales:counted');",
          `if (any) {
             const made = await redis.hgetall(\`sales:new:\${run}\`);
             swap.hset('sales:counted', made).del(\`sales:new:\${run}\`);
           }`,
        ],
      ],
    },
    {
      name: 'memory-with-an-end',
      fails: ['05.rebuild.remembers'],
      why: 'What was prepared has an end, and has it still when it counts.',
      edits: [
        [
          'any = true;',
          `any = true;
           await redis.expire(\`sales:new:\${run}\`, 3600);`,
        ],
      ],
    },
    {
      name: 'sums-of-the-run-before',
      fails: ['05.rebuild.remembers'],
      why: 'Adds up in a variable of the module: the second rebuild counts all orders once more.',
      edits: [
        [
          `export async function rebuildSales({ mysql, redis }: { mysql: Pool; redis: Redis }): Promise<void> {
             const run = randomUUID();
             const sold = new Map<number, number>();`,
          `const sold = new Map<number, number>();
           export async function rebuildSales({ mysql, redis }: { mysql: Pool; redis: Redis }): Promise<void> {
             const run = randomUUID();`,
        ],
      ],
    },
    {
      name: 'memory-of-a-killed-one',
      fails: ['05.rebuild.crash'],
      why: 'Prepares under one name, and takes over what a killed rebuild has left there.',
      edits: [['const run = randomUUID();', "const run = 'one';"]],
    },
    {
      name: 'names-first',
      fails: ['05.rebuild.crash'],
      why: 'Writes the new names before the swap: a reader sees old numbers with new names.',
      edits: [
        [
          'const swap = redis.multi();',
          `await redis.del('products:names');
           for (const { id, name } of products) await redis.hset('products:names', String(id), name);
           const swap = redis.multi();`,
        ],
      ],
    },
    {
      name: 'renames-nothing',
      fails: ['05.rebuild.exact'],
      why: 'RENAME of a key that is not there is an error: MySQL has no orders.',
      edits: [
        [
          "if (any) swap.rename(`sales:new:${run}`, 'sales:counted');",
          "swap.rename(`sales:new:${run}`, 'sales:counted');",
        ],
      ],
    },
    {
      name: 'keeps-its-connection',
      fails: ['05.rebuild.fails'],
      why: 'Gives its connection back at the end, which it does not reach where something fails.',
      edits: [
        [
          `const run = randomUUID();
           const sold = new Map<number, number>();`,
          `const run = randomUUID();
           const connection = await mysql.getConnection();
           const sold = new Map<number, number>();`,
        ],
        [
          'for (const [error] of (await swap.exec())!) if (error) throw error;',
          `for (const [error] of (await swap.exec())!) if (error) throw error;
           connection.release();`,
        ],
      ],
    },
    {
      name: 'says-that-all-is-well',
      fails: ['05.rebuild.fails'],
      why: 'Hides the error of Redis.',
      edits: [
        [
          'for (const [error] of (await swap.exec())!) if (error) throw error;',
          'await swap.exec().catch(() => {});',
        ],
        [
          'await redis.hset(`sales:new:${run}`, ...[...of].flatMap(([id, items]) => [String(id), itemsText(items)]));',
          `await redis
             .hset(\`sales:new:\${run}\`, ...[...of].flatMap(([id, items]) => [String(id), itemsText(items)]))
             .catch(() => {});`,
        ],
      ],
    },
    {
      name: 'nothing-sold',
      fails: ['05.reports.errors'],
      why: 'Takes an error for a report of nothing.',
      edits: [
        ['const values = await redis.mget(keys);', 'const values = await redis.mget(keys).catch(() => []);'],
        [
          'const keys = await counters(redis);\n  if (keys.length === 0) return [];',
          'const keys = await counters(redis).catch(() => []);\n  if (keys.length === 0) return [];',
        ],
      ],
    },
    {
      name: 'sale-lost-in-silence',
      fails: ['05.reports.errors'],
      why: 'Hides the error of Redis: the sale is not counted, and nobody knows.',
      edits: [
        [
          'await redis.eval(record, 0, order.id, itemsText(order.items));',
          'await redis.eval(record, 0, order.id, itemsText(order.items)).catch(() => {});',
        ],
      ],
    },
    {
      name: 'counters-of-others',
      fails: ['05.counters.report'],
      why: 'Takes product_sold:week:product_sold:3 for a counter.',
      edits: [
        [
          'if (/^product_sold:\\d+$/.test(name)) found.add(name)',
          'if (/product_sold:\\d+$/.test(name)) found.add(name)',
        ],
      ],
    },
  ],
};
