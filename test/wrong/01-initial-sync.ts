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
      fails: ['01.sync.new-only'],
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
  ],
};
