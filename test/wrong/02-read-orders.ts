import type { WrongSolutions } from '../../kit/prove/kept/wrong-solutions.ts';

export const wrong: WrongSolutions = {
  base: 'test/right/02-read-orders/scan-and-pipeline.ts',
  solutions: [
    {
      name: 'any-limit',
      fails: ['02.newest.bad-limit'],
      why: 'Does not look at the limit: slice() makes a guess.',
      edits: [["if (!Number.isInteger(limit) || limit < 0) throw new RangeError('limit');", '']],
    },
    {
      name: 'count-is-not-looked-at',
      fails: ['02.get.half'],
      why: 'Does not notice that items are missing which items_count speaks of.',
      edits: [['if (items.length < Number(hash.items_count)) return null;', '']],
    },
    {
      name: 'count-must-match',
      fails: ['02.get.count'],
      why: 'Takes more items than items_count says for damage.',
      edits: [['items.length < Number(hash.items_count)', 'items.length !== Number(hash.items_count)']],
    },
    {
      name: 'cut-then-sorted',
      fails: ['02.newest.exact'],
      why: 'Cuts before it sorts: the first keys of SCAN, not the newest.',
      edits: [
        [
          '(await scanOrderKeys({ redis })).reverse().slice(0, limit)',
          '(await scanOrderKeys({ redis })).slice(0, limit).reverse()',
        ],
      ],
    },
    {
      name: 'date-as-text',
      fails: ['02.get.date'],
      why: 'Leaves the date as text.',
      edits: [['new Date(hash.created_at)', 'hash.created_at']],
    },
    {
      name: 'deaf-pipeline',
      fails: ['02.newest.errors'],
      why: 'Looks at the values of a pipeline, never at its errors.',
      edits: [
        ['if (error) throw error;', ''],
        ['orderOf(hash as any)', 'orderOf((hash ?? {}) as any)'],
      ],
    },
    {
      name: 'default-count',
      fails: ['02.scan.trips'],
      why: 'Leaves COUNT at the default of Redis: ten keys a call.',
      edits: [['{ count = 1000 }: { count?: number } = {}', '{ count = 10 }: { count?: number } = {}']],
    },
    {
      name: 'empty-for-missing',
      fails: ['02.get.missing'],
      why: 'Gives what HGETALL gives: {} for a key that is not there.',
      edits: [
        [
          'return orderOf(await redis.hgetall(`order:${id}`));',
          `const hash = await redis.hgetall(\`order:\${id}\`);
           return Object.keys(hash).length === 0 ? {} : orderOf(hash);`,
        ],
      ],
    },
    {
      name: 'every-order-key',
      fails: ['02.list.others'],
      why: 'Takes every key order:* for an order.',
      edits: [['/^order:\\d+$/.test(key)', "key.startsWith('order:')"]],
    },
    {
      name: 'exists-first',
      fails: ['02.get.one-trip'],
      why: 'Asks EXISTS, then HGETALL: two round trips.',
      edits: [
        [
          'return orderOf(await redis.hgetall(`order:${id}`));',
          `if (!(await redis.exists(\`order:\${id}\`))) return null;
           return orderOf(await redis.hgetall(\`order:\${id}\`));`,
        ],
      ],
    },
    {
      name: 'first-page-only',
      fails: ['02.scan.exact'],
      why: 'Calls SCAN once.',
      edits: [["} while (cursor !== '0');", '} while (false);']],
    },
    {
      name: 'float-money',
      fails: ['02.get.exact'],
      why: 'Makes a number of the amount.',
      edits: [['totalAmount: hash.total_amount', 'totalAmount: String(Number(hash.total_amount))']],
    },
    {
      name: 'generous-number',
      fails: ['02.list.others'],
      why: 'Number("1e3") and Number("") are numbers too.',
      edits: [['/^order:\\d+$/.test(key)', "key.startsWith('order:') && Number.isInteger(idOf(key))"]],
    },
    {
      name: 'half-is-whole',
      fails: ['02.get.half'],
      why: 'Reads whatever is there: a half-written order is an order with fewer items.',
      edits: [
        ['!hash.id || !hash.user_id || !hash.total_amount || !hash.items_count', '!hash.id'],
        ['if (!productId || !quantity) return null;', ''],
        ['if (items.length < Number(hash.items_count)) return null;', ''],
      ],
    },
    {
      name: 'half-orders-shown',
      fails: ['02.newest.half'],
      why: 'Passes null on for a half-written order.',
      edits: [['if (order) orders.push(order);', 'orders.push(order);']],
    },
    {
      name: 'ids-as-text',
      fails: ['02.get.exact'],
      why: 'Leaves ids and quantities as text.',
      edits: [
        ['id: Number(hash.id)', 'id: hash.id'],
        ['Number(hash.user_id)', 'hash.user_id'],
      ],
    },
    {
      name: 'ignores-count',
      fails: ['02.scan.small-steps'],
      why: 'Does not pass count on.',
      edits: [["cursor, 'MATCH', 'order:*', 'COUNT', count", "cursor, 'MATCH', 'order:*', 'COUNT', 1000"]],
    },
    {
      name: 'index-from-the-front',
      fails: ['02.newest.index'],
      why: 'Reads the index from its beginning: the oldest ids.',
      edits: [
        [
          "if (!Number.isInteger(limit) || limit < 0) throw new RangeError('limit');",
          `if (!Number.isInteger(limit) || limit < 0) throw new RangeError('limit');
           if (limit === 0) return [];
           const ids = await redis.zrange('orders:index', 0, limit - 1);`,
        ],
        [
          '(await scanOrderKeys({ redis })).reverse().slice(0, limit)',
          `ids.length > 0
             ? ids.map((id) => \`order:\${id}\`)
             : (await scanOrderKeys({ redis })).reverse().slice(0, limit)`,
        ],
      ],
    },
    {
      name: 'index-to-minus-one',
      fails: ['02.newest.index'],
      why: 'A limit of 0 asks ZREVRANGE for 0 to -1, which is everything.',
      edits: [
        [
          "if (!Number.isInteger(limit) || limit < 0) throw new RangeError('limit');",
          `if (!Number.isInteger(limit) || limit < 0) throw new RangeError('limit');
           const ids = await redis.zrevrange('orders:index', 0, limit - 1);`,
        ],
        [
          '(await scanOrderKeys({ redis })).reverse().slice(0, limit)',
          `ids.length > 0
             ? ids.map((id) => \`order:\${id}\`)
             : (await scanOrderKeys({ redis })).reverse().slice(0, limit)`,
        ],
      ],
    },
    {
      name: 'invalid-date',
      fails: ['02.get.date'],
      why: 'Makes a Date of nothing: Invalid Date.',
      edits: [
        [
          'if (hash.created_at) order.createdAt = new Date(hash.created_at);',
          `if (!hash.created_at) order.createdAt = new Date('');
           else order.createdAt = new Date(hash.created_at);`,
        ],
      ],
    },
    {
      name: 'items-as-texts',
      fails: ['02.get.items'],
      why: 'Sorts the numbers of the items as texts: 10 before 2.',
      edits: [['[...new Set(numbers)].sort((a, b) => a - b)', '[...new Set(numbers)].sort()']],
    },
    {
      name: 'list-as-texts',
      fails: ['02.list.exact'],
      why: 'Sorts the keys as texts.',
      edits: [['keys.filter(isOrder).sort((a, b) => idOf(a) - idOf(b))', 'keys.filter(isOrder).sort()']],
    },
    {
      name: 'list-by-scan',
      fails: ['02.list.one-trip'],
      why: 'Lists by SCAN, in many round trips.',
      edits: [
        [
          `const keys = await redis.keys('order:*');
           return keys.filter(isOrder).sort((a, b) => idOf(a) - idOf(b));`,
          'return scanOrderKeys({ redis }, { count: 100 });',
        ],
      ],
    },
    {
      name: 'list-unsorted',
      fails: ['02.list.exact'],
      why: 'Gives the keys in the order of KEYS, which is none.',
      edits: [['keys.filter(isOrder).sort((a, b) => idOf(a) - idOf(b))', 'keys.filter(isOrder)']],
    },
    {
      name: 'nan-passes',
      fails: ['02.newest.bad-limit'],
      why: 'NaN is neither less than 0 nor anything else.',
      edits: [['!Number.isInteger(limit) || limit < 0', 'limit < 0 || limit > Math.floor(limit)']],
    },
    {
      name: 'newest-by-keys',
      fails: ['02.newest.gentle'],
      why: 'KEYS, while others wait.',
      edits: [['scanOrderKeys({ redis })', 'listOrderKeys({ redis })']],
    },
    {
      name: 'newest-of-every-key',
      fails: ['02.newest.others'],
      why: 'Reads every order:* key as an order and leaves out what fails.',
      edits: [
        [
          "if (!Number.isInteger(limit) || limit < 0) throw new RangeError('limit');",
          `if (!Number.isInteger(limit) || limit < 0) throw new RangeError('limit');
           const all = await redis.scan('0', 'MATCH', 'order:*', 'COUNT', 20_000, 'TYPE', 'hash');`,
        ],
        [
          '(await scanOrderKeys({ redis })).reverse().slice',
          'all[1].sort((a, b) => idOf(b) - idOf(a)).slice',
        ],
      ],
    },
    {
      name: 'no-prefix',
      fails: ['02.get.exact'],
      why: "The report's own hgetall(order_id): the prefix is missing.",
      edits: [['redis.hgetall(`order:${id}`)', 'redis.hgetall(`${id}`)']],
    },
    {
      name: 'oldest-first',
      fails: ['02.newest.exact'],
      why: 'Gives the oldest orders.',
      edits: [['(await scanOrderKeys({ redis })).reverse()', '(await scanOrderKeys({ redis }))']],
    },
    {
      name: 'one-trip-an-order',
      fails: ['02.newest.trips'],
      why: 'One awaited HGETALL for each order, as the report did.',
      edits: [
        [
          `const pipeline = redis.pipeline();
           for (const key of keys) pipeline.hgetall(key);`,
          '',
        ],
        [
          `for (const [error, hash] of (await pipeline.exec()) ?? []) {
             if (error) throw error;`,
          'for (const key of keys) {',
        ],
        ['orderOf(hash as any)', 'orderOf(await redis.hgetall(key))'],
      ],
    },
    {
      name: 'open-ended-pattern',
      fails: ['02.list.others'],
      why: 'A regular expression without an end: order:1:lock passes.',
      edits: [['/^order:\\d+$/.test', '/^order:\\d+/.test']],
    },
    {
      name: 'reads-all',
      fails: ['02.newest.gentle'],
      why: 'Reads all orders and shows ten.',
      edits: [
        [
          '(await scanOrderKeys({ redis })).reverse().slice(0, limit)',
          '(await scanOrderKeys({ redis })).reverse()',
        ],
        ['if (order) orders.push(order);', 'if (order && orders.length < limit) orders.push(order);'],
      ],
    },
    {
      name: 'scan-by-keys',
      fails: ['02.scan.small-steps'],
      why: 'KEYS under the name of SCAN.',
      edits: [
        [
          "await redis.scan(cursor, 'MATCH', 'order:*', 'COUNT', count)",
          "['0', await redis.keys('order:*')]",
        ],
      ],
    },
    {
      name: 'slice-from-the-end',
      fails: ['02.newest.limit'],
      why: 'slice(-0) is everything.',
      edits: [
        [
          '(await scanOrderKeys({ redis })).reverse().slice(0, limit)',
          '(await scanOrderKeys({ redis })).slice(-limit).reverse()',
        ],
      ],
    },
    {
      name: 'sorted-as-texts',
      fails: ['02.newest.exact'],
      why: 'Sorts keys as texts: order:9 before order:10.',
      edits: [['(await scanOrderKeys({ redis }))', '(await scanOrderKeys({ redis })).sort()']],
    },
    {
      name: 'stops-at-empty',
      fails: ['02.scan.exact'],
      why: 'Takes an empty reply for the end of the scan.',
      edits: [
        [
          'cursor = next;',
          `if (some.length === 0) break;
           cursor = next;`,
        ],
      ],
    },
    {
      name: 'swallows-errors',
      fails: ['02.newest.errors'],
      why: 'Catches everything and shows an empty shop.',
      edits: [['if (error) throw error;', 'if (error) return [];']],
    },
    {
      name: 'ten-items',
      fails: ['02.get.items'],
      why: 'Looks for one digit only: the eleventh item is lost, and then the order seems half-written.',
      edits: [['/^item_(\\d+)_/.exec', '/^item_(\\d)_/.exec']],
    },
    {
      name: 'throws-for-missing',
      fails: ['02.get.missing'],
      why: 'Throws where there is no order.',
      edits: [
        [
          'return orderOf(await redis.hgetall(`order:${id}`))',
          `const hash = await redis.hgetall(\`order:\${id}\`);
           if (!hash.id && Object.keys(hash).length === 0) throw new Error('no such order');
           return orderOf(hash)`,
        ],
      ],
    },
    {
      name: 'trusts-count',
      fails: ['02.get.count'],
      why: 'Loops up to items_count, which the report wrote as 0 beside items.',
      edits: [
        [
          '[...new Set(numbers)].sort((a, b) => a - b)',
          'Array.from({ length: Number(hash.items_count) }, (_, i) => i)',
        ],
      ],
    },
    {
      name: 'twice',
      fails: ['02.scan.once'],
      why: 'Believes that SCAN gives each key once.',
      edits: [
        ['const keys = new Set<string>();', 'const keys: string[] = [];'],
        ['for (const key of some) keys.add(key);', 'for (const key of some) keys.push(key);'],
      ],
    },
    {
      name: 'zero-is-no-limit',
      fails: ['02.newest.limit'],
      why: 'Takes a limit of 0 for no limit.',
      edits: [
        [
          '(await scanOrderKeys({ redis })).reverse().slice(0, limit)',
          '(await scanOrderKeys({ redis })).reverse().slice(0, limit || undefined)',
        ],
      ],
    },
    {
      name: 'count-may-be-missing',
      fails: ['02.get.half'],
      why: 'Takes an order without items_count for a whole one.',
      edits: [['|| !hash.items_count', '']],
    },
    {
      name: 'empty-when-unreachable',
      fails: ['02.newest.errors'],
      why: 'Takes a Redis that cannot be asked for one that holds no orders.',
      edits: [
        [
          '(await scanOrderKeys({ redis })).reverse()',
          '(await scanOrderKeys({ redis }).catch(() => [])).reverse()',
        ],
      ],
    },
    {
      name: 'error-of-the-first-reply',
      fails: ['02.newest.errors'],
      why: 'Looks only whether the first reply of the pipeline is an error.',
      edits: [
        [
          `for (const [error, hash] of (await pipeline.exec()) ?? []) {
             if (error) throw error;`,
          `for (const [i, [error, hash]] of ((await pipeline.exec()) ?? []).entries()) {
             if (error && i === 0) throw error;
             if (error) continue;`,
        ],
      ],
    },
    {
      name: 'free-orders-are-none',
      fails: ['02.get.exact'],
      why: 'Takes an amount of nothing for an amount that is missing.',
      edits: [['!hash.total_amount', '!Number(hash.total_amount)']],
    },
    {
      name: 'half-items-above-the-count',
      fails: ['02.get.half'],
      why: 'Leaves out half an item where items_count does not speak of it.',
      edits: [['if (!productId || !quantity) return null;', 'if (!productId || !quantity) continue;']],
    },
    {
      name: 'id-may-be-missing',
      fails: ['02.get.half'],
      why: 'Takes an order without an id for a whole one.',
      edits: [
        ['!hash.id ||', 'Object.keys(hash).length === 0 ||'],
        ['id: Number(hash.id)', 'id: Number(hash.id ?? 0)'],
      ],
    },
    {
      name: 'index-one-by-one',
      fails: ['02.newest.trips'],
      why: 'Reads the index, and then each order in a round trip of its own.',
      edits: [
        [
          'const keys = (await scanOrderKeys({ redis })).reverse().slice(0, limit);',
          `const ids = limit > 0 ? await redis.zrevrange('orders:index', 0, limit - 1) : [];
           if (ids.length > 0) {
             const found: any[] = [];
             for (const id of ids) found.push(await getOrderById({ redis }, Number(id)));
             return found.filter((order) => order);
           }
           const keys = (await scanOrderKeys({ redis })).reverse().slice(0, limit);`,
        ],
      ],
    },
    {
      name: 'index-with-holes',
      fails: ['02.newest.index'],
      why: 'Believes that each id of the index has a whole order.',
      edits: [
        [
          'const keys = (await scanOrderKeys({ redis })).reverse().slice(0, limit);',
          `const ids = limit > 0 ? await redis.zrevrange('orders:index', 0, limit - 1) : [];
           if (ids.length > 0) return Promise.all(ids.map((id) => getOrderById({ redis }, Number(id))));
           const keys = (await scanOrderKeys({ redis })).reverse().slice(0, limit);`,
        ],
      ],
    },
    {
      name: 'list-without-dates',
      fails: ['02.newest.exact'],
      why: 'Leaves the date out where it lists orders.',
      edits: [
        [
          'if (order) orders.push(order);',
          'if (order) delete order.createdAt; if (order) orders.push(order);',
        ],
      ],
    },
    {
      name: 'no-keys-when-unreachable',
      fails: ['02.get.errors'],
      why: 'Takes a KEYS that failed for one that found nothing.',
      edits: [["await redis.keys('order:*')", "await redis.keys('order:*').catch(() => [])"]],
    },
    {
      name: 'no-order-when-unreachable',
      fails: ['02.get.errors'],
      why: 'Takes an HGETALL that failed for an order that is not there.',
      edits: [
        [
          'return orderOf(await redis.hgetall(`order:${id}`));',
          'return orderOf(await redis.hgetall(`order:${id}`).catch(() => ({})));',
        ],
      ],
    },
    {
      name: 'numbers-of-any-kind',
      fails: ['02.list.others'],
      why: 'Takes a sign or a point for digits.',
      edits: [['/^order:\\d+$/.test(key)', '/^order:[-+]?\\d+(\\.\\d+)?$/.test(key)']],
    },
    {
      name: 'own-scan-gives-twice',
      fails: ['02.newest.once'],
      why: 'Has a scan of its own for the newest, and believes that SCAN gives each key once.',
      edits: [
        [
          'const keys = (await scanOrderKeys({ redis })).reverse().slice(0, limit);',
          `const all: string[] = [];
           let cursor = '0';
           do {
             const [next, some] = await redis.scan(cursor, 'MATCH', 'order:*', 'COUNT', 500);
             all.push(...some);
             cursor = next;
           } while (cursor !== '0');
           const keys = all.filter(isOrder).sort((a, b) => idOf(b) - idOf(a)).slice(0, limit);`,
        ],
      ],
    },
    {
      name: 'scan-ends-at-an-error',
      fails: ['02.get.errors'],
      why: 'Takes a SCAN that failed for the last one.',
      edits: [
        [
          "await redis.scan(cursor, 'MATCH', 'order:*', 'COUNT', count)",
          "await redis.scan(cursor, 'MATCH', 'order:*', 'COUNT', count).catch(() => ['0', []] as [string, string[]])",
        ],
      ],
    },
    {
      name: 'stops-at-a-gap',
      fails: ['02.get.count'],
      why: 'Stops at the first number without an item: what comes after is lost.',
      edits: [
        [
          '[...new Set(numbers)].sort((a, b) => a - b)',
          '[...new Set(numbers)].sort((a, b) => a - b).filter((number, i) => number === i)',
        ],
      ],
    },
    {
      name: 'user-may-be-missing',
      fails: ['02.get.half'],
      why: 'Takes an order without a user for a whole one.',
      edits: [['!hash.user_id ||', '']],
    },
    {
      name: 'whole-index',
      fails: ['02.newest.gentle'],
      why: 'Reads all ids of the index, and takes the last ones itself.',
      edits: [
        [
          'const keys = (await scanOrderKeys({ redis })).reverse().slice(0, limit);',
          `const ids = await redis.zrange('orders:index', 0, -1);
           const all = ids.length > 0 ? ids.map((id) => \`order:\${id}\`) : await scanOrderKeys({ redis });
           const keys = all.reverse().slice(0, limit);`,
        ],
      ],
    },
  ],
};
