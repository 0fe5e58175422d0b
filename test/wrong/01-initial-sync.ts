import type { WrongSolutions } from '../../kit/prove/kept/wrong-solutions.ts';

export const wrong: WrongSolutions = {
  base: 'test/right/01-initial-sync/page-by-page.ts',
  solutions: [
    {
      name: 'always-one',
      fails: ['01.wait.retry'],
      why: 'Resolves to 1 whatever happened.',
      edits: [['return attempt;', 'return 1;']],
    },
    {
      name: 'asks-about-every-order',
      fails: ['01.sync.new-only'],
      why: 'Asks Redis about every order that it ever brought, to count them.',
      edits: [
        [
          'return count;',
          `const keys = [...new Set(await redis.keys('order:*'))];
           const types = redis.pipeline();
           for (const key of keys) types.type(key);
           return ((await types.exec()) ?? []).filter(([, type]) => type === 'hash').length;`,
        ],
      ],
    },
    {
      name: 'attempt-zero',
      fails: ['01.wait.first'],
      why: 'Starts to count at 0.',
      edits: [['return attempt;', 'return attempt - 1;']],
    },
    {
      name: 'attempts-from-zero',
      fails: ['01.wait.retry'],
      why: 'Counts the failures, not the attempts: one too few.',
      edits: [['return attempt;', 'return attempt - 1 || 1;']],
    },
    {
      name: 'count-twice',
      fails: ['01.sync.crash'],
      why: 'Counts before the page is surely there: after a crash it is counted again.',
      edits: [
        [
          'count += orders.length;',
          `count += orders.length;
           count = await redis.hincrby(MARKER, 'count', orders.length);`,
        ],
        ['MARKER, { after, count }', 'MARKER, { after }'],
      ],
    },
    {
      name: 'counts-every-key',
      fails: ['01.sync.others'],
      why: 'DBSIZE counts the keys of others as orders.',
      edits: [['return count;', 'return (await redis.dbsize()) - 1;']],
    },
    {
      name: 'deaf-pipeline',
      fails: ['01.sync.errors'],
      why: 'Does not look at the replies of a pipeline.',
      edits: [
        [
          'for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;',
          'await pipeline.exec();',
        ],
      ],
    },
    {
      name: 'done-if-any',
      fails: ['01.sync.errors'],
      why: 'Takes the last order for a proof that all the others are there.',
      edits: [
        [
          'let after = Number(marker.after ?? 0);',
          `const [[last]] = (await mysql.query('SELECT MAX(id) AS id, COUNT(*) AS n FROM orders')) as any;
           if (last.id && (await redis.exists(\`order:\${last.id}\`))) return last.n;
           let after = Number(marker.after ?? 0);`,
        ],
      ],
    },
    {
      name: 'everything-at-once',
      fails: ['01.sync.bounded'],
      why: 'Reads every row before it writes the first.',
      edits: [
        [
          "'SELECT * FROM orders WHERE id > ? ORDER BY id LIMIT 500'",
          "'SELECT * FROM orders WHERE id > ? ORDER BY id LIMIT 1000000'",
        ],
        [
          'await writeAll(redis, writes);',
          'for (let i = 0; i < writes.length; i += 500) await writeAll(redis, writes.slice(i, i + 500));',
        ],
      ],
    },
    {
      name: 'float-money',
      fails: ['01.sync.money'],
      why: 'Makes a number of the amount: cents and zeros are lost.',
      edits: [['order.total_amount', 'Number(order.total_amount)']],
    },
    {
      name: 'flushes-first',
      fails: ['01.sync.others'],
      why: 'Makes room by deleting what belongs to others.',
      edits: [
        [
          'let after = Number(marker.after ?? 0);',
          `if (!(await redis.exists(MARKER))) await redis.flushdb();
           let after = Number(marker.after ?? 0);`,
        ],
      ],
    },
    {
      name: 'items-unordered',
      fails: ['01.sync.exact'],
      why: 'Leaves the order of the items to chance: by product, not by id.',
      edits: [
        [
          "'SELECT * FROM order_items WHERE order_id > ? AND order_id <= ? ORDER BY id'",
          "'SELECT * FROM order_items WHERE order_id > ? AND order_id <= ? ORDER BY product_id DESC'",
        ],
      ],
    },
    {
      name: 'limit-9999',
      fails: ['01.sync.many'],
      why: "The report's own limit: the rest is lost without a word.",
      edits: [['for (;;) {', 'for (let page = 0; page < 20; page++) {']],
    },
    {
      name: 'listen-in-try',
      fails: ['01.start.listen-fails'],
      why: 'A catch that is meant for the sync takes the error of listen() too.',
      edits: [
        [
          `  report.attempts = await waitForMysql({ mysql }, wait);
             report.orders = await syncAllOrdersToRedis({ mysql, redis });
           } catch (error) {
             report.warning = String(error);
             console.warn(report.warning);
           }
           await listen();`,
          `  try {
               report.attempts = await waitForMysql({ mysql }, wait);
               report.orders = await syncAllOrdersToRedis({ mysql, redis });
             } catch (error) {
               report.warning = String(error);
               console.warn(report.warning);
             }
             await listen();
           } catch {}`,
        ],
      ],
    },
    {
      name: 'listens-first',
      fails: ['01.start.order'],
      why: 'Listens before the sync has ended.',
      edits: [
        [
          'const report: Record<string, unknown> = { attempts: null, orders: null, warning: null };',
          `await listen();
           const report: Record<string, unknown> = { attempts: null, orders: null, warning: null };`,
        ],
        ['await listen();', ''],
      ],
    },
    {
      name: 'listens-twice',
      fails: ['01.start.order'],
      why: 'Listens in the try and once more after it.',
      edits: [
        [
          'report.orders = await syncAllOrdersToRedis({ mysql, redis });',
          `report.orders = await syncAllOrdersToRedis({ mysql, redis });
           await listen();`,
        ],
      ],
    },
    {
      name: 'marker-before-page-counts-keys',
      fails: ['01.sync.crash'],
      why: 'Moves the marker before the page is written; the keys that it counts at the end come after all orders.',
      edits: [
        ['await writeAll(redis, writes);', ''],
        [
          `}
           return count;`,
          `  await writeAll(redis, writes);
           }
           const keys = new Set<string>();
           for await (const found of redis.scanStream({ match: 'order:*' })) for (const key of found) keys.add(key);
           return keys.size;`,
        ],
      ],
    },
    {
      name: 'marker-before-page',
      fails: ['01.sync.crash'],
      why: 'Moves the marker before the page is written.',
      edits: [
        ['await writeAll(redis, writes);', ''],
        [
          'await redis.hset(MARKER, { after, count });',
          `await redis.hset(MARKER, { after, count });
           await writeAll(redis, writes);`,
        ],
      ],
    },
    {
      name: 'marker-in-memory',
      fails: ['01.sync.later'],
      why: 'Keeps the marker in memory: the next start knows nothing of it.',
      edits: [
        [
          "const MARKER = 'sync:marker';",
          `let after = 0;
           let count = 0;`,
        ],
        [
          `const marker = await redis.hgetall(MARKER);
           let after = Number(marker.after ?? 0);
           let count = Number(marker.count ?? 0);`,
          '',
        ],
        ['await redis.hset(MARKER, { after, count });', ''],
      ],
    },
    {
      name: 'needs-mysql',
      fails: ['01.start.no-mysql'],
      why: 'Waits outside the try: without MySQL there is no server.',
      edits: [
        [
          `try {
             report.attempts = await waitForMysql({ mysql }, wait);`,
          `report.attempts = await waitForMysql({ mysql }, wait);
           try {`,
        ],
      ],
    },
    {
      name: 'never-gives-up-early',
      fails: ['01.wait.gives-up'],
      why: 'Asks once more than `retries` says.',
      edits: [['attempt >= retries', 'attempt > retries']],
    },
    {
      name: 'no-marker',
      fails: ['01.sync.new-only'],
      why: 'Transfers everything at every start.',
      edits: [
        ['Number(marker.after ?? 0)', '0'],
        ['Number(marker.count ?? 0)', '0'],
      ],
    },
    {
      name: 'no-pause',
      fails: ['01.wait.delay'],
      why: 'Asks again without a pause.',
      edits: [['setTimeout(resolve, delayMs)', 'setImmediate(resolve)']],
    },
    {
      name: 'one-by-one',
      fails: ['01.sync.bounded'],
      why: 'Awaits one HSET an order: a round trip each.',
      edits: [
        ['await writeAll(redis, writes);', 'for (const [key, hash] of writes) await redis.hset(key, hash);'],
      ],
    },
    {
      name: 'one-huge-pipeline',
      fails: ['01.sync.bounded'],
      why: 'Pages to read, then one pipeline for all: the backlog grows with the shop.',
      edits: [
        [
          'let count = Number(marker.count ?? 0);',
          `let count = Number(marker.count ?? 0);
           const pending: [string, Record<string, string | number>][] = [];`,
        ],
        [
          'if (orders.length === 0) break;',
          `if (orders.length === 0) {
             if (pending.length > 0) await writeAll(redis, pending);
             if (pending.length > 0) await redis.hset(MARKER, { after, count });
             break;
           }`,
        ],
        ['await writeAll(redis, writes)', 'pending.push(...writes)'],
        ['await redis.hset(MARKER, { after, count });', ''],
      ],
    },
    {
      name: 'page-off-by-one',
      fails: ['01.sync.many'],
      why: 'Begins the next page one id too late.',
      edits: [['after = orders.at(-1)!.id', 'after = orders.at(-1)!.id + (orders.length === 500 ? 1 : 0)']],
    },
    {
      name: 'plain-error',
      fails: ['01.wait.gives-up'],
      why: 'Gives up with an error that a caller cannot tell from others.',
      edits: [
        [
          "Object.assign(new Error('MySQL did not answer'), { name: 'MysqlUnavailable' })",
          "new Error('MySQL did not answer')",
        ],
      ],
    },
    {
      name: 'returns-new-only',
      fails: ['01.sync.new-only'],
      why: 'Resolves to what it transferred, not to what is available.',
      edits: [['Number(marker.count ?? 0)', '0']],
    },
    {
      name: 'silent-catch',
      fails: ['01.start.sync-fails'],
      why: 'Swallows the error: nobody learns that Redis is empty.',
      edits: [
        [
          `report.warning = String(error);
           console.warn(report.warning);`,
          'report.orders = 0;',
        ],
      ],
    },
    {
      name: 'sync-failure-stops',
      fails: ['01.start.sync-fails'],
      why: 'Lets a failing sync stop the server.',
      edits: [
        [
          'console.warn(report.warning);',
          `console.warn(report.warning);
           throw error;`,
        ],
      ],
    },
    {
      name: 'sync-not-awaited',
      fails: ['01.start.order'],
      why: 'Starts the sync and does not wait for it.',
      edits: [
        [
          'report.orders = await syncAllOrdersToRedis({ mysql, redis })',
          `syncAllOrdersToRedis({ mysql, redis }).then((orders) => {
             report.orders = orders;
           })`,
        ],
      ],
    },
    {
      name: 'zero-items-count',
      fails: ['01.sync.exact'],
      why: "The report's own hash: items_count is 0 beside an item.",
      edits: [['items_count: mine.length', 'items_count: 0']],
    },
    {
      name: 'attempts-only-of-good-starts',
      fails: ['01.start.sync-fails'],
      why: 'Forgets that MySQL did answer where Redis did not.',
      edits: [['report.warning = String(error);', 'report.warning = String(error); report.attempts = null;']],
    },
    {
      name: 'by-date',
      fails: ['01.sync.new-only'],
      why: 'Takes a date for its marker: what came in the same millisecond is never brought.',
      edits: [
        [
          `const [orders] = (await mysql.query('SELECT * FROM orders WHERE id > ? ORDER BY id LIMIT 500', [
             after,
           ])) as any;`,
          `const known = (await redis.get('sync:date')) ?? '1970-01-01';
           const [orders] = (await mysql.query('SELECT * FROM orders WHERE id > ? AND created_at > ? ORDER BY id LIMIT 500', [
             after,
             known,
           ])) as any;`,
        ],
        ['return count;', "await redis.set('sync:date', '2026-01-15 12:00:00.000'); return count;"],
      ],
    },
    {
      name: 'client-of-its-own',
      fails: ['01.sync.leaves'],
      why: 'Opens a connection to Redis with each sync, and closes none.',
      edits: [
        [
          'const marker = await redis.hgetall(MARKER);',
          'const own = redis.duplicate(); own.on("error", () => {}); const marker = await own.hgetall(MARKER);',
        ],
      ],
    },
    {
      name: 'compares-numbers',
      fails: ['01.sync.later'],
      why: 'Takes equal numbers of orders for equal orders: as many were cancelled as came.',
      edits: [
        [
          'for (;;) {',
          `const [[{ n }]] = (await mysql.query('SELECT COUNT(*) AS n FROM orders')) as any;
           if (n === count) return count;
           for (;;) {`,
        ],
      ],
    },
    {
      name: 'counts-in-mysql',
      fails: ['01.sync.later'],
      why: 'Tells how many orders MySQL has, whatever Redis has.',
      edits: [
        [
          'return count;',
          `const [[{ n }]] = (await mysql.query('SELECT COUNT(*) AS n FROM orders')) as any;
           return n;`,
        ],
      ],
    },
    {
      name: 'counts-locks',
      fails: ['01.sync.others'],
      why: 'Counts every key that begins with order: and a digit, a lock too.',
      edits: [
        [
          'return count;',
          `const keys = new Set<string>();
           let cursor = '0';
           do {
             const [next, found] = await redis.scan(cursor, 'MATCH', 'order:[0-9]*', 'COUNT', 1000);
             for (const key of found) keys.add(key);
             cursor = next;
           } while (cursor !== '0');
           return keys.size;`,
        ],
      ],
    },
    {
      name: 'deaf-without-mysql',
      fails: ['01.start.listen-fails'],
      why: 'Where MySQL was away it takes the error of listen() too.',
      edits: [
        [
          'await listen();',
          'if (report.attempts === null) await listen().catch(() => {}); else await listen();',
        ],
      ],
    },
    {
      name: 'delay-is-not-passed-on',
      fails: ['01.start.no-mysql'],
      why: 'Waits with the default pause of 2 s, whatever the caller says.',
      edits: [['waitForMysql({ mysql }, wait)', 'waitForMysql({ mysql }, { retries: wait.retries })']],
    },
    {
      name: 'doubles-its-pauses',
      fails: ['01.wait.delay'],
      why: 'Waits twice as long after each attempt.',
      edits: [['setTimeout(resolve, delayMs)', 'setTimeout(resolve, delayMs * 2 ** (attempt - 1))']],
    },
    {
      name: 'error-is-no-items',
      fails: ['01.sync.read-errors'],
      why: 'Takes an error of MySQL for an order without items.',
      edits: [
        [
          `const [items] = (await mysql.query(
             'SELECT * FROM order_items WHERE order_id > ? AND order_id <= ? ORDER BY id',
             range,
           )) as any;`,
          `const [items] = (await mysql
             .query('SELECT * FROM order_items WHERE order_id > ? AND order_id <= ? ORDER BY id', range)
             .catch(() => [[]])) as any;`,
        ],
      ],
    },
    {
      name: 'error-is-the-end',
      fails: ['01.start.sync-fails'],
      why: 'Takes an error of MySQL for the end of the orders, and reports a success.',
      edits: [
        [
          `const [orders] = (await mysql.query('SELECT * FROM orders WHERE id > ? ORDER BY id LIMIT 500', [
             after,
           ])) as any;`,
          `const [orders] = (await mysql
             .query('SELECT * FROM orders WHERE id > ? ORDER BY id LIMIT 500', [after])
             .catch(() => [[]])) as any;`,
        ],
      ],
    },
    {
      name: 'fields-then-items',
      fails: ['01.sync.crash'],
      why: 'Writes an order in two steps and later skips what is there: a crash between leaves it without items.',
      edits: [
        [
          'await writeAll(redis, writes);',
          `for (const [key, hash] of writes) {
             if (await redis.exists(key)) continue;
             const { id, user_id, total_amount, items_count, ...items } = hash as any;
             await redis.hset(key, { id, user_id, total_amount, items_count });
             if (items_count > 0) await redis.hset(key, items);
           }`,
        ],
      ],
    },
    {
      name: 'forgets-at-rest',
      fails: ['01.sync.later'],
      why: 'Writes its marker at a start that brought nothing too, from what was in hand: nothing.',
      edits: [
        [
          'if (orders.length === 0) break;',
          `if (orders.length === 0) {
        if (count === Number(marker.count ?? 0)) await redis.hset(MARKER, { after: 0 });
        break;
      }`,
        ],
      ],
    },
    {
      name: 'grows-its-pauses',
      fails: ['01.wait.delay'],
      why: 'Waits longer after each attempt.',
      edits: [['setTimeout(resolve, delayMs)', 'setTimeout(resolve, delayMs * attempt)']],
    },
    {
      name: 'keeps-the-connection',
      fails: ['01.sync.leaves'],
      why: 'Takes a connection from the pool with each sync, and never gives it back.',
      edits: [
        [
          'const marker = await redis.hgetall(MARKER);',
          'const own = await mysql.getConnection(); const marker = await redis.hgetall(MARKER);',
        ],
        [`const [orders] = (await mysql.query(`, `const [orders] = (await own.query(`],
      ],
    },
    {
      name: 'keeps-the-connection-of-an-attempt',
      fails: ['01.wait.first'],
      why: 'Takes a connection from the pool with each call, and never gives it back.',
      edits: [["await mysql.query('SELECT 1');", "await (await mysql.getConnection()).query('SELECT 1');"]],
    },
    {
      name: 'keeps-the-connection-of-failures',
      fails: ['01.sync.errors'],
      why: 'Gives its connection back at the end, which a sync that fails never reaches.',
      edits: [
        [
          'const marker = await redis.hgetall(MARKER);',
          'const own = await mysql.getConnection(); const marker = await redis.hgetall(MARKER);',
        ],
        [`const [orders] = (await mysql.query(`, `const [orders] = (await own.query(`],
        ['return count;', 'own.release(); return count;'],
      ],
    },
    {
      name: 'marker-as-an-order',
      fails: ['01.sync.leaves'],
      why: 'Keeps the marker under a name that begins like an order.',
      edits: [["const MARKER = 'sync:marker';", "const MARKER = 'order:marker';"]],
    },
    {
      name: 'no-retries-passed-on',
      fails: ['01.start.no-mysql'],
      why: 'Asks 30 times, whatever the caller says.',
      edits: [['waitForMysql({ mysql }, wait)', 'waitForMysql({ mysql }, { delayMs: wait.delayMs })']],
    },
    {
      name: 'offset',
      fails: ['01.sync.later'],
      why: 'Skips as many orders as it brought: where some were cancelled since, it skips new ones.',
      edits: [
        [
          `'SELECT * FROM orders WHERE id > ? ORDER BY id LIMIT 500', [
             after,
           ]`,
          `'SELECT * FROM orders ORDER BY id LIMIT 500 OFFSET ?', [count]`,
        ],
        [
          'const range = [after, orders.at(-1)!.id];',
          'const range = [orders[0]!.id - 1, orders.at(-1)!.id];',
        ],
      ],
    },
    {
      name: 'orders-for-a-day',
      fails: ['01.sync.leaves'],
      why: 'Gives each order a time to live: a day later nothing is there, and the marker says that all is.',
      edits: [['pipeline.hset(key, hash);', 'pipeline.hset(key, hash).expire(key, 86_400);']],
    },
    {
      name: 'pauses-after-the-last',
      fails: ['01.wait.gives-up'],
      why: 'Pauses also when nothing is left to try.',
      edits: [
        [
          'if (attempt >= retries)',
          `if (attempt >= retries) await new Promise((resolve) => setTimeout(resolve, delayMs));
           if (attempt >= retries)`,
        ],
      ],
    },
    {
      name: 'pauses-first',
      fails: ['01.wait.first'],
      why: 'Pauses before it asks at all.',
      edits: [
        [
          `await mysql.query('SELECT 1');`,
          `if (attempt === 1) await new Promise((resolve) => setTimeout(resolve, delayMs));
           await mysql.query('SELECT 1');`,
        ],
      ],
    },
    {
      name: 'remembers-that-it-synced',
      fails: ['01.sync.later'],
      why: 'Remembers in the process how far it got, beside the marker: a Redis that lost all stays empty.',
      edits: [
        [
          "const MARKER = 'sync:marker';",
          "const MARKER = 'sync:marker'; let known = {} as Record<string, string>;",
        ],
        [
          'const marker = await redis.hgetall(MARKER);',
          'const marker = { ...known, ...(await redis.hgetall(MARKER)) };',
        ],
        [
          'await redis.hset(MARKER, { after, count });',
          'await redis.hset(MARKER, { after, count }); known = { after: String(after), count: String(count) };',
        ],
      ],
    },
    {
      name: 'silent-without-mysql',
      fails: ['01.start.no-mysql'],
      why: 'Says nothing where MySQL stays away.',
      edits: [
        ['console.warn(report.warning);', 'if (report.attempts !== null) console.warn(report.warning);'],
      ],
    },
    {
      name: 'stops-at-a-gap',
      fails: ['01.sync.exact'],
      why: 'Reads windows of ids, and takes an empty one for the end.',
      edits: [
        [
          `WHERE id > ? ORDER BY id LIMIT 500', [
             after,
           ]`,
          `WHERE id > ? AND id <= ? ORDER BY id', [after, after + 1_500]`,
        ],
        ['const range = [after, orders.at(-1)!.id];', 'const range = [after, after + 1_500];'],
      ],
    },
    {
      name: 'ten-attempts-by-default',
      fails: ['01.wait.gives-up'],
      why: 'Gives up after 10 attempts where the caller says nothing.',
      edits: [['{ retries = 30, delayMs = 2000 } = {}', '{ retries = 10, delayMs = 2000 } = {}']],
    },
    {
      name: 'reads-all-again',
      fails: ['01.sync.new-only'],
      why: 'Reads every order again at each start, and writes those that come after the marker.',
      edits: [
        [
          `'SELECT * FROM orders WHERE id > ? ORDER BY id LIMIT 500', [
             after,
           ])) as any;`,
          `'SELECT * FROM orders WHERE id > ? ORDER BY id LIMIT 500', [from])) as any;
           if (found.length === 0) break;
           from = found.at(-1)!.id;
           const orders = found.filter((order: any) => order.id > Number(marker.after ?? 0));
           if (orders.length === 0) continue;`,
        ],
        ['const [orders] = (await mysql.query(', 'const [found] = (await mysql.query('],
        ['for (;;) {', 'let from = 0; for (;;) {'],
        ['if (orders.length === 0) break;', ''],
      ],
    },
    {
      name: 'all-orders-then-pages-of-items',
      fails: ['01.sync.bounded'],
      why: 'Reads all orders at once, and only their items by pages.',
      edits: [
        [
          `const [orders] = (await mysql.query('SELECT * FROM orders WHERE id > ? ORDER BY id LIMIT 500', [
             after,
           ])) as any;`,
          `all ??= (await mysql.query('SELECT * FROM orders WHERE id > ? ORDER BY id', [after]))[0] as any;
           const orders: any = all.splice(0, 500);`,
        ],
        ['for (;;) {', 'let all: any; for (;;) {'],
      ],
    },
  ],
};
