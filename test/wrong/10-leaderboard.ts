import type { WrongSolutions } from '../../kit/prove/kept/wrong-solutions.ts';

export const wrong: WrongSolutions = {
  base: 'test/right/10-leaderboard/numbered-swap.ts',
  solutions: [
    {
      name: 'a-key-a-sale',
      fails: ['10.rebuild.forgets'],
      why: 'A key for each sale, for ever.',
      edits: [
        [
          "redis.call('ZINCRBY', KEYS[1], '-' .. ARGV[3], ARGV[2])",
          `redis.call('SET', KEYS[3] .. ':' .. ARGV[1], '1')
           redis.call('ZINCRBY', KEYS[1], '-' .. ARGV[3], ARGV[2])`,
        ],
      ],
    },
    {
      name: 'adds-and-forgets',
      fails: ['10.rebuild.meanwhile'],
      why: 'Adds what was told meanwhile, and does not remember it.',
      edits: [
        [
          "and redis.call('HSETNX', KEYS[6], sale, told[i + 1]) == 1 then",
          "and redis.call('HEXISTS', KEYS[6], sale) == 0 then",
        ],
      ],
    },
    {
      name: 'adds-to-the-old',
      fails: ['10.rebuild.exact'],
      why: 'Adds the sums to those that were there.',
      edits: [
        [
          'await fill.exec();',
          `await fill.exec();
           await redis.zunionstore(fresh[0], 2, LIVE, fresh[0]);`,
        ],
      ],
    },
    {
      name: 'adds-without-looking',
      fails: ['10.rebuild.meanwhile'],
      why: 'Adds what was told meanwhile, also where MySQL showed it.',
      edits: [
        [
          "and redis.call('HSETNX', KEYS[6], sale, told[i + 1]) == 1 then",
          `then
           redis.call('HSET', KEYS[6], sale, told[i + 1])`,
        ],
      ],
    },
    {
      name: 'all-say-true',
      fails: ['10.refresh.one-process'],
      why: 'Says that it loaded where another did.',
      edits: [
        [
          "if ((await redis.set(LOCK, token, 'PX', lockMs, 'NX')) !== 'OK') return false;",
          "if ((await redis.set(LOCK, token, 'PX', lockMs, 'NX')) !== 'OK') return true;",
        ],
      ],
    },
    {
      name: 'any-limit',
      fails: ['10.limit.refused'],
      why: 'Takes 1001 and more.',
      edits: [
        [
          'Number.isSafeInteger(limit) && limit >= 1 && limit <= 1000',
          'Number.isSafeInteger(limit) && limit >= 1',
        ],
      ],
    },
    {
      name: 'any-sale',
      fails: ['10.live.values'],
      why: 'Takes whatever it is told.',
      edits: [
        [
          'if (!Number.isSafeInteger(sale[name]) || sale[name] < 1) throw new RangeError(`${name} ${sale[name]}`);',
          'if (sale[name] === undefined) throw new RangeError(name);',
        ],
      ],
    },
    {
      name: 'as-in-the-document',
      fails: ['10.refresh.before'],
      why: "The document's job: it invalidates, and leaves the loading to the readers.",
      edits: [
        [
          'const token = randomUUID();',
          `await redis.del(KEPT);
           const token = randomUUID();`,
        ],
      ],
    },
    {
      name: 'asks-first',
      fails: ['10.limit.refused'],
      why: 'Takes the lock, and looks at the limit then.',
      edits: [
        [
          `const { redis } = ctx;
           const limit = limitOf(options);`,
          'const { redis } = ctx;',
        ],
        [
          "if ((await redis.set(LOCK, token, 'PX', lockMs, 'NX')) !== 'OK') return false;",
          `if ((await redis.set(LOCK, token, 'PX', lockMs, 'NX')) !== 'OK') return false;
           const limit = limitOf(options);`,
        ],
      ],
    },
    {
      name: 'buyers-earn',
      fails: ['10.load.sums'],
      why: 'Adds up what each player bought.',
      edits: [
        [
          'FROM (SELECT seller_id, CAST(SUM(total_price) AS UNSIGNED) AS earned FROM sales GROUP BY seller_id) e',
          'FROM (SELECT buyer_id AS seller_id, CAST(SUM(total_price) AS UNSIGNED) AS earned FROM sales GROUP BY buyer_id) e',
        ],
      ],
    },
    {
      name: 'counts-sales',
      fails: ['10.rebuild.exact'],
      why: 'Says how many sales there are, not how many players.',
      edits: [
        [
          'return redis.eval(SWAP, 6, LIVE, LOGINS, COUNTED, ...fresh, ...before);',
          `await redis.eval(SWAP, 6, LIVE, LOGINS, COUNTED, ...fresh, ...before);
           return recent.length + floor;`,
        ],
      ],
    },
    {
      name: 'counts-then-remembers',
      fails: ['10.live.crash'],
      why: 'Counts the sale, and is killed before it remembers that.',
      edits: [
        [
          'const member = memberOf(sale.playerId);',
          `const member = memberOf(sale.playerId);
           const what = \`\${member}:\${sale.earned}\`;
           if (sale.saleId <= Number(await redis.hget(COUNTED, 'floor'))) return;
           if (await redis.hexists(COUNTED, String(sale.saleId))) return;
           await redis.multi().zincrby(LIVE, -sale.earned, member).hset(LOGINS, member, sale.login).exec();`,
        ],
        [
          'redis.eval(RECORD, 3, LIVE, LOGINS, COUNTED, sale.saleId, member, sale.earned, sale.login)',
          'redis.hset(COUNTED, sale.saleId, what)',
        ],
      ],
    },
    {
      name: 'counts-and-remembers-in-a-pipeline',
      fails: ['10.live.crash'],
      why: 'One round trip, but two steps: a pipeline is no MULTI, and may end after the first.',
      edits: [
        [
          "if redis.call('HSETNX', KEYS[3], ARGV[1], ARGV[2] .. ':' .. ARGV[3]) == 0 then return end",
          "if redis.call('HEXISTS', KEYS[3], ARGV[1]) == 1 then return end",
        ],
        [
          'await redis.eval(RECORD, 3, LIVE, LOGINS, COUNTED, sale.saleId, member, sale.earned, sale.login);',
          `const steps = redis.pipeline();
           steps.eval(RECORD, 3, LIVE, LOGINS, COUNTED, sale.saleId, member, sale.earned, sale.login);
           steps.hsetnx(COUNTED, String(sale.saleId), \`\${member}:\${sale.earned}\`);
           for (const [error] of (await steps.exec()) ?? []) if (error) throw error;`,
        ],
      ],
    },
    {
      name: 'remembers-for-each-process',
      fails: ['10.live.once', '10.live.crash'],
      why: 'Asks whether this process has told the sale: what another one told counts again.',
      edits: [
        [
          "if redis.call('HSETNX', KEYS[3], ARGV[1], ARGV[2] .. ':' .. ARGV[3]) == 0 then return end",
          `local told = redis.call('HGET', KEYS[3], ARGV[1])
           local what = ARGV[2] .. ':' .. ARGV[3]
           if told == what or told == what .. '@' .. ARGV[5] then return end
           redis.call('HSET', KEYS[3], ARGV[1], what .. '@' .. ARGV[5])`,
        ],
        [
          "const LIVE = 'leaderboard:live';",
          "const LIVE = 'leaderboard:live';\n           const PROCESS = randomUUID();",
        ],
        [
          'RECORD, 3, LIVE, LOGINS, COUNTED, sale.saleId, member, sale.earned, sale.login',
          'RECORD, 3, LIVE, LOGINS, COUNTED, sale.saleId, member, sale.earned, sale.login, PROCESS',
        ],
      ],
    },
    {
      name: 'deletes-any-lock',
      fails: ['10.refresh.late'],
      why: 'A late worker deletes the lock of the next.',
      edits: [
        [
          `if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
           redis.call('DEL', KEYS[2])`,
          `local mine = redis.call('GET', KEYS[2]) == ARGV[1]
           redis.call('DEL', KEYS[2])
           if not mine then return 0 end`,
        ],
      ],
    },
    {
      name: 'deletes-first',
      fails: ['10.rebuild.swap'],
      why: 'Deletes the old leaderboard, and makes the new one then.',
      edits: [
        [
          'const { players, recent, floor } = await readSales(mysql, new Date(now() - 3_600_000));',
          `const { players, recent, floor } = await readSales(mysql, new Date(now() - 3_600_000));
           await redis.del(LIVE);`,
        ],
      ],
    },
    {
      name: 'dense-rank',
      fails: ['10.load.ties'],
      why: 'After two of rank 2 comes rank 3.',
      edits: [
        [
          'SELECT p.id AS playerId, p.login, e.earned, RANK() OVER (ORDER BY e.earned DESC) AS \\`rank\\`',
          'SELECT p.id AS playerId, p.login, e.earned, DENSE_RANK() OVER (ORDER BY e.earned DESC) AS \\`rank\\`',
        ],
      ],
    },
    {
      name: 'empties-on-error',
      fails: ['10.refresh.fails'],
      why: 'Deletes the old one where the load fails.',
      edits: [
        [
          'throw error;',
          `await redis.del(KEPT);
           throw error;`,
        ],
      ],
    },
    {
      name: 'empty-is-not-kept',
      fails: ['10.get.nobody'],
      why: 'Keeps nothing where nobody sold anything.',
      edits: [
        [
          'const rows = await loadLeaderboard(ctx, { limit });',
          `const rows = await loadLeaderboard(ctx, { limit });
           if (rows.length === 0) return (await finish('')) === 0;`,
        ],
      ],
    },
    {
      name: 'empty-is-nothing',
      fails: ['10.get.nobody'],
      why: 'Takes a leaderboard without rows for none.',
      edits: [['limit > kept.limit', 'limit > kept.limit || kept.rows.length === 0']],
    },
    {
      name: 'end-of-the-lock',
      fails: ['10.refresh.ttl'],
      why: 'Keeps it as long as the lock.',
      edits: [['FINISH, 2, KEPT, LOCK, token, text, ttlMs', 'FINISH, 2, KEPT, LOCK, token, text, lockMs']],
    },
    {
      name: 'exists-first',
      fails: ['10.get.kept'],
      why: 'Asks whether there is one, and fetches it then.',
      edits: [
        [
          'const text = await redis.get(KEPT);',
          `if (!(await redis.exists(KEPT))) return null;
           const text = await redis.get(KEPT);`,
        ],
      ],
    },
    {
      name: 'fails-when-empty',
      fails: ['10.rebuild.exact'],
      why: 'RENAME of a key that does not exist is an error.',
      edits: [
        ["if redis.call('EXISTS', KEYS[i + 3]) == 1 then", ''],
        [
          `end
           return redis.call('ZCARD', KEYS[1])\`;`,
          "return redis.call('ZCARD', KEYS[1])`;",
        ],
      ],
    },
    {
      name: 'flag-in-the-process',
      fails: ['10.refresh.processes'],
      why: 'A variable is known to one process alone.',
      edits: [
        ["if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end", ''],
        [
          'export async function refreshLeaderboard',
          `let refreshing = false;
           export async function refreshLeaderboard(ctx: Ctx, options: any): Promise<boolean> {
             limitOf(options);
             if (refreshing) return false;
             refreshing = true;
             return load(ctx, options).finally(() => {
               refreshing = false;
             });
           }
           async function load`,
        ],
        [
          "if ((await redis.set(LOCK, token, 'PX', lockMs, 'NX')) !== 'OK') return false;",
          "await redis.set(LOCK, token, 'PX', lockMs);",
        ],
      ],
    },
    {
      name: 'float-sum',
      fails: ['10.load.exact'],
      why: 'A float has seven digits.',
      edits: [
        [
          '[rows] = await mysql.query(`${EARNED} ORDER BY e.earned DESC, p.id LIMIT ?`, [limit])',
          '[rows]: any = await mysql.query(`${EARNED} ORDER BY e.earned DESC, p.id LIMIT ?`, [limit])',
        ],
        [
          `  return rows;
           }
           const KEPT = 'leaderboard:kept';`,
          `  return rows.map((row: any) => ({ ...row, earned: Math.fround(row.earned) }));
           }
           const KEPT = 'leaderboard:kept';`,
        ],
      ],
    },
    {
      name: 'forgets-what-it-counted',
      fails: ['10.rebuild.counted'],
      why: 'Counts all of MySQL, and remembers none of it: told again, it counts again.',
      edits: [
        ["fresh[2], 'floor', floor", "fresh[2], 'floor', 0"],
        [
          'for (const { id, seller, earned } of recent) fill.hset(fresh[2], id, `${memberOf(seller)}:${earned}`);',
          'void recent;',
        ],
      ],
    },
    {
      name: 'get-loads',
      fails: ['10.get.kept'],
      why: 'A reader that finds nothing asks MySQL.',
      edits: [
        [
          'export async function getLeaderboard({ redis }: Ctx, options: any): Promise<any> {',
          'export async function getLeaderboard({ redis, mysql, now }: Ctx, options: any): Promise<any> {',
        ],
        [
          'if (text === null) return null;',
          'if (text === null) return loadLeaderboard({ redis, mysql, now }, options);',
        ],
      ],
    },
    {
      name: 'hides-errors',
      fails: ['10.refresh.fails'],
      why: 'Says false where MySQL was away, as if another had loaded.',
      edits: [['throw error;', 'return false;']],
    },
    {
      name: 'ignores-limit',
      fails: ['10.get.limits'],
      why: 'Gives all that is kept.',
      edits: [['kept.rows.slice(0, limit)', 'kept.rows']],
    },
    {
      name: 'invalidates-only',
      fails: ['10.refresh.before'],
      why: "The document's job to the letter: it deletes, and loads nothing.",
      edits: [
        [
          'const token = randomUUID();',
          `if (await redis.del(KEPT)) return true;
           const token = randomUUID();`,
        ],
      ],
    },
    {
      name: 'keeps-what-was-told',
      fails: ['10.rebuild.exact'],
      why: 'Adds what was told ever before and MySQL does not show: also sales that are none.',
      edits: [['for _, sale in ipairs(ARGV) do before[sale] = true end', '']],
    },
    {
      name: 'key-per-limit',
      fails: ['10.get.limits'],
      why: "The document's way: a key of its own for each limit, each to be loaded.",
      edits: [
        [
          'FINISH, 2, KEPT, LOCK, token, text, ttlMs',
          'FINISH, 2, `leaderboard:${limit}`, LOCK, token, text, ttlMs',
        ],
        ['await redis.get(KEPT)', 'await redis.get(`leaderboard:${limit}`)'],
      ],
    },
    {
      name: 'last-sale',
      fails: ['10.live.sums'],
      why: 'Sets the score to the last sale.',
      edits: [
        [
          "redis.call('ZINCRBY', KEYS[1], '-' .. ARGV[3], ARGV[2])",
          "redis.call('ZADD', KEYS[1], '-' .. ARGV[3], ARGV[2])",
        ],
      ],
    },
    {
      name: 'late-overwrites',
      fails: ['10.refresh.late'],
      why: 'Puts what it loaded over a newer one.',
      edits: [
        [
          `if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
           redis.call('DEL', KEYS[2])`,
          "if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end",
        ],
      ],
    },
    {
      name: 'late-says-true',
      fails: ['10.refresh.late'],
      why: 'Says that what it loaded is kept, and it is not.',
      edits: [
        [
          'return (await finish(JSON.stringify({ limit, rows }))) === 1;',
          `await finish(JSON.stringify({ limit, rows }));
           return true;`,
        ],
      ],
    },
    {
      name: 'least-first',
      fails: ['10.live.sums'],
      why: 'Shows who earned least first.',
      edits: [
        [
          "local top = redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1, 'WITHSCORES')",
          "local top = redis.call('ZREVRANGE', KEYS[1], 0, ARGV[1] - 1, 'WITHSCORES')",
        ],
      ],
    },
    {
      name: 'leaves-scraps',
      fails: ['10.rebuild.swap'],
      why: 'What a killed rebuild had made stays for ever.',
      edits: [['for (const key of fresh) fill.pexpire(key, 600_000);', '']],
    },
    {
      name: 'limit-as-text',
      fails: ['10.limit.refused'],
      why: "Takes the text '10' for a number.",
      edits: [
        ['{ limit }: { limit: number }', 'options: { limit: number }'],
        [
          'if (Number.isSafeInteger(limit) && limit >= 1 && limit <= 1000) return limit;',
          `const limit = Number(options.limit);
           if (Number.isSafeInteger(limit) && limit >= 1 && limit <= 1000) return limit;`,
        ],
      ],
    },
    {
      name: 'live-dense-rank',
      fails: ['10.live.ties'],
      why: 'After two of rank 2 comes rank 3.',
      edits: [
        [
          'above?.earned === earned ? above.rank : rows.length + 1',
          'above?.earned === earned ? above.rank : (above?.rank ?? 0) + 1',
        ],
      ],
    },
    {
      name: 'live-has-an-end',
      fails: ['10.rebuild.exact'],
      why: 'What was being made had an end, and has it still.',
      edits: [["redis.call('PERSIST', KEYS[i])", '']],
    },
    {
      name: 'live-row-number',
      fails: ['10.live.ties'],
      why: 'Players with equal sums get ranks of their own.',
      edits: [['above?.earned === earned ? above.rank : rows.length + 1', 'rows.length + 1']],
    },
    {
      name: 'lock-of-the-ttl',
      fails: ['10.refresh.killed'],
      why: 'Takes the time to live for the lock as well.',
      edits: [["LOCK, token, 'PX', lockMs, 'NX'", "LOCK, token, 'PX', ttlMs, 'NX'"]],
    },
    {
      name: 'lock-stays',
      fails: ['10.refresh.fails'],
      why: 'Keeps the lock where the load fails.',
      edits: [["await finish('').catch(() => {});", '']],
    },
    {
      name: 'lock-then-expire',
      fails: ['10.refresh.whole'],
      why: 'Takes the lock, and says when it ends afterwards.',
      edits: [
        ["(await redis.set(LOCK, token, 'PX', lockMs, 'NX')) !== 'OK'", '!(await redis.setnx(LOCK, token))'],
        [
          'const finish = (text: string) => redis.eval(FINISH, 2, KEPT, LOCK, token, text, ttlMs);',
          `await redis.pexpire(LOCK, lockMs);
           const finish = (text: string) => redis.eval(FINISH, 2, KEPT, LOCK, token, text, ttlMs);`,
        ],
      ],
    },
    {
      name: 'lock-without-end',
      fails: ['10.refresh.killed'],
      why: 'The lock of a killed worker stays for ever.',
      edits: [["LOCK, token, 'PX', lockMs, 'NX'", "LOCK, token, 'NX'"]],
    },
    {
      name: 'login-afterwards',
      fails: ['10.live.trips'],
      why: 'Counts in one trip, and writes the login in another.',
      edits: [
        [
          'await redis.eval(RECORD, 3, LIVE, LOGINS, COUNTED, sale.saleId, member, sale.earned, sale.login);',
          `await redis.eval(RECORD, 3, LIVE, LOGINS, COUNTED, sale.saleId, member, sale.earned, sale.login);
           await redis.hset(LOGINS, member, sale.login);`,
        ],
      ],
    },
    {
      name: 'login-each',
      fails: ['10.live.trips'],
      why: 'Asks for the login of each row by itself.',
      edits: [['login: flat[i + 2]', 'login: await redis.hget(LOGINS, flat[i])']],
    },
    {
      name: 'looks-then-counts',
      fails: ['10.live.once'],
      why: 'Looks whether the sale is counted, and counts it then: two at once both find that it is not.',
      edits: [
        [
          "if redis.call('HSETNX', KEYS[3], ARGV[1], ARGV[2] .. ':' .. ARGV[3]) == 0 then return end",
          "redis.call('HSET', KEYS[3], ARGV[1], ARGV[2] .. ':' .. ARGV[3])",
        ],
        [
          'const member = memberOf(sale.playerId);',
          `const member = memberOf(sale.playerId);
           if (await redis.hexists(COUNTED, String(sale.saleId))) return;`,
        ],
      ],
    },
    {
      name: 'looks-then-locks',
      fails: ['10.refresh.one-process'],
      why: 'Looks whether there is a lock, and takes it then.',
      edits: [
        ["(await redis.set(LOCK, token, 'PX', lockMs, 'NX')) !== 'OK'", 'await redis.exists(LOCK)'],
        [
          'const finish = (text: string) => redis.eval(FINISH, 2, KEPT, LOCK, token, text, ttlMs);',
          `await redis.set(LOCK, token, 'PX', lockMs);
           const finish = (text: string) => redis.eval(FINISH, 2, KEPT, LOCK, token, text, ttlMs);`,
        ],
      ],
    },
    {
      name: 'members-as-text',
      fails: ['10.live.ties'],
      why: 'A member is the id as it is: "10" stands before "9".',
      edits: [["String(id).padStart(16, '0')", 'String(id)']],
    },
    {
      name: 'no-end',
      fails: ['10.refresh.ttl'],
      why: 'Keeps it for ever.',
      edits: [["redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])", "redis.call('SET', KEYS[1], ARGV[2])"]],
    },
    {
      name: 'no-limit',
      fails: ['10.load.sums'],
      why: 'Looks at the limit, and gives everybody.',
      edits: [
        ['`${EARNED} ORDER BY e.earned DESC, p.id LIMIT ?`', '`${EARNED} ORDER BY e.earned DESC, p.id`'],
      ],
    },
    {
      name: 'no-lock',
      fails: ['10.refresh.one-process'],
      why: 'Whoever calls loads.',
      edits: [
        ["if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end", ''],
        [
          "if ((await redis.set(LOCK, token, 'PX', lockMs, 'NX')) !== 'OK') return false;",
          "await redis.set(LOCK, token, 'PX', lockMs);",
        ],
      ],
    },
    {
      name: 'no-login',
      fails: ['10.live.sums'],
      why: 'Shows an id for the login.',
      edits: [['login: flat[i + 2]', 'login: String(Number(flat[i]))']],
    },
    {
      name: 'no-memory',
      fails: ['10.live.once', '10.rebuild.agrees'],
      why: 'Counts a sale as often as it is told.',
      edits: [
        [
          "if redis.call('HSETNX', KEYS[3], ARGV[1], ARGV[2] .. ':' .. ARGV[3]) == 0 then return end",
          "redis.call('HSET', KEYS[3], ARGV[1], ARGV[2] .. ':' .. ARGV[3])",
        ],
      ],
    },
    {
      name: 'no-snapshot',
      fails: ['10.rebuild.meanwhile'],
      why: 'Reads the sums, then the ids: a sale made in between has its id there and its coins not.',
      edits: [
        [
          "'START TRANSACTION WITH CONSISTENT SNAPSHOT'",
          "'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED'",
        ],
        [
          "connection.query('COMMIT')",
          "connection.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ')",
        ],
      ],
    },
    {
      name: 'once-a-period',
      fails: ['10.refresh.again'],
      why: 'Keeps the lock until it ends by itself.',
      edits: [["redis.call('DEL', KEYS[2])", '']],
    },
    {
      name: 'one-too-many',
      fails: ['10.live.sums'],
      why: 'Takes the limit for the last index.',
      edits: [
        [
          "local top = redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1, 'WITHSCORES')",
          "local top = redis.call('ZRANGE', KEYS[1], 0, ARGV[1], 'WITHSCORES')",
        ],
      ],
    },
    {
      name: 'only-if-missing',
      fails: ['10.refresh.again'],
      why: 'Loads only where nothing is kept.',
      edits: [
        [
          "redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])",
          "redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3], 'NX')",
        ],
      ],
    },
    {
      name: 'piece-by-piece',
      fails: ['10.refresh.whole'],
      why: 'Writes the new one in pieces: in between there is none.',
      edits: [
        [
          'return (await finish(JSON.stringify({ limit, rows }))) === 1;',
          `await redis.hset(KEPT, 'limit', limit);
           await redis.hdel(KEPT, 'rows');
           await redis.hset(KEPT, 'rows', JSON.stringify(rows));
           await redis.pexpire(KEPT, ttlMs);
           await finish('');
           return true;`,
        ],
        ['text = await redis.get(KEPT)', "[keptLimit, list] = await redis.hmget(KEPT, 'limit', 'rows')"],
        ['if (text === null) return null;', 'if (!keptLimit || !list) return null;'],
        [
          'const kept = JSON.parse(text);',
          `const text = \`{"limit":\${keptLimit},"rows":\${list}}\`;
           const kept = JSON.parse(text);`,
        ],
      ],
    },
    {
      name: 'plain-error',
      fails: ['10.limit.refused'],
      why: 'Refuses with an Error that says nothing of a range.',
      edits: [['new RangeError(`limit ${limit}`)', 'new Error(`limit ${limit}`)']],
    },
    {
      name: 'readers-wait',
      fails: ['10.refresh.before'],
      why: 'Readers find nothing while somebody refreshes.',
      edits: [
        ['text = await redis.get(KEPT)', '[text, lock] = await redis.mget(KEPT, LOCK)'],
        ['if (text === null) return null;', 'if (!text || lock) return null;'],
      ],
    },
    {
      name: 'recent-again',
      fails: ['10.rebuild.counted'],
      why: 'Remembers old sales by the greatest id, and the recent ones not at all.',
      edits: [
        [
          'for (const { id, seller, earned } of recent) fill.hset(fresh[2], id, `${memberOf(seller)}:${earned}`);',
          'void recent;',
        ],
      ],
    },
    {
      name: 'remembers-for-ever',
      fails: ['10.rebuild.forgets'],
      why: 'Remembers each sale there ever was.',
      edits: [['floor = last?.id ?? 0', 'floor = Math.min(0, last?.id ?? 0)']],
    },
    {
      name: 'remembers-in-the-process',
      fails: ['10.live.crash'],
      why: 'Remembers in a variable: a killed process forgets.',
      edits: [
        [
          "if redis.call('HSETNX', KEYS[3], ARGV[1], ARGV[2] .. ':' .. ARGV[3]) == 0 then return end",
          "redis.call('HSET', KEYS[3], ARGV[1], ARGV[2] .. ':' .. ARGV[3])",
        ],
        [
          "redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])`;",
          `redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])\`;
           const counted = new Set<number>();`,
        ],
        [
          'const member = memberOf(sale.playerId);',
          `const member = memberOf(sale.playerId);
           if (counted.has(sale.saleId)) return;
           counted.add(sale.saleId);`,
        ],
      ],
    },
    {
      name: 'remembers-then-counts',
      fails: ['10.live.crash'],
      why: 'Remembers the sale, and is killed before it counts.',
      edits: [
        [
          'await redis.eval(RECORD, 3, LIVE, LOGINS, COUNTED, sale.saleId, member, sale.earned, sale.login)',
          `const what = \`\${member}:\${sale.earned}\`;
           if (sale.saleId <= Number(await redis.hget(COUNTED, 'floor'))) return;
           if (!(await redis.hsetnx(COUNTED, String(sale.saleId), what))) return;
           await redis.multi().zincrby(LIVE, -sale.earned, member).hset(LOGINS, member, sale.login).exec()`,
        ],
      ],
    },
    {
      name: 'renames-apart',
      fails: ['10.rebuild.swap'],
      why: 'Swaps the sums, and what is remembered of them in another step.',
      edits: [
        [
          'return redis.eval(SWAP, 6, LIVE, LOGINS, COUNTED, ...fresh, ...before);',
          `if (players.length > 0)
             await redis.multi().rename(fresh[0], LIVE).rename(fresh[1], LOGINS).persist(LIVE).persist(LOGINS).exec();
           else await redis.del(LIVE, LOGINS);
           await redis.multi().rename(fresh[2], COUNTED).persist(COUNTED).exec();
           return redis.zcard(LIVE);
           redis.eval(SWAP, 6, LIVE, LOGINS, COUNTED, ...fresh, ...before);`,
        ],
      ],
    },
    {
      name: 'row-number',
      fails: ['10.load.ties'],
      why: 'Players with equal sums get ranks of their own.',
      edits: [
        [
          'SELECT p.id AS playerId, p.login, e.earned, RANK() OVER (ORDER BY e.earned DESC) AS \\`rank\\`',
          'SELECT p.id AS playerId, p.login, e.earned, ROW_NUMBER() OVER (ORDER BY e.earned DESC, p.id) AS \\`rank\\`',
        ],
      ],
    },
    {
      name: 'same-sum-same-sale',
      fails: ['10.live.once'],
      why: 'Takes two sales of one player for the same sum for one.',
      edits: [
        [
          'RECORD, 3, LIVE, LOGINS, COUNTED, sale.saleId, member, sale.earned, sale.login',
          `RECORD,
           3,
           LIVE,
           LOGINS,
           COUNTED,
           \`\${sale.playerId}\${sale.earned}\`,
           member,
           sale.earned,
           sale.login`,
        ],
      ],
    },
    {
      name: 'same-token',
      fails: ['10.refresh.late'],
      why: 'All workers put the same token into the lock.',
      edits: [['token = randomUUID()', "token = 'refreshing'"]],
    },
    {
      name: 'seconds',
      fails: ['10.refresh.ttl'],
      why: 'Takes milliseconds for seconds.',
      edits: [
        [
          "redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])",
          "redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])",
        ],
      ],
    },
    {
      name: 'set-then-expire',
      fails: ['10.refresh.whole'],
      why: 'Sets the value, and its end afterwards: killed in between, it stays for ever.',
      edits: [
        [
          'return (await finish(JSON.stringify({ limit, rows }))) === 1;',
          `await redis.set(KEPT, JSON.stringify({ limit, rows }));
           await redis.pexpire(KEPT, ttlMs);
           await finish('');
           return true;`,
        ],
      ],
    },
    {
      name: 'short-as-whole',
      fails: ['10.get.limits'],
      why: 'Gives ten rows to who asks for a hundred.',
      edits: [['limit > kept.limit ? null : kept.rows.slice(0, limit)', 'kept.rows.slice(0, limit)']],
    },
    {
      name: 'shows-zero',
      fails: ['10.load.sums'],
      why: 'Shows who sold nothing with a sum of 0.',
      edits: [
        [
          `const EARNED = \`
           SELECT p.id AS playerId, p.login, e.earned, RANK() OVER (ORDER BY e.earned DESC) AS \\\`rank\\\`
           FROM (SELECT seller_id, CAST(SUM(total_price) AS UNSIGNED) AS earned FROM sales GROUP BY seller_id) e
           JOIN players p ON p.id = e.seller_id
           WHERE e.earned > 0\`;`,
          `const EARNED = \`
           SELECT p.id AS playerId, p.login, COALESCE(e.earned, 0) AS earned, RANK() OVER (ORDER BY COALESCE(e.earned, 0) DESC) AS \\\`rank\\\`
           FROM players p LEFT JOIN (SELECT seller_id, CAST(SUM(total_price) AS UNSIGNED) AS earned FROM sales GROUP BY seller_id) e ON p.id = e.seller_id\`;`,
        ],
      ],
    },
    {
      name: 'sorted-after-the-cut',
      fails: ['10.live.ties'],
      why: 'Sorts equal sums by id, but only those that Redis had chosen as texts.',
      edits: [
        ["String(id).padStart(16, '0')", 'String(id)'],
        [
          `}
           return rows;`,
          `}
           return rows.sort((a, b) => b.earned - a.earned || a.playerId - b.playerId);`,
        ],
      ],
    },
    {
      name: 'sorted-as-text',
      fails: ['10.load.exact'],
      why: 'Sorts sums as texts, and makes numbers of them then.',
      edits: [
        [
          '[rows] = await mysql.query(`${EARNED} ORDER BY e.earned DESC, p.id LIMIT ?`, [limit])',
          `[rows]: any = await mysql.query(\`\${EARNED} ORDER BY CAST(e.earned AS CHAR) DESC, p.id LIMIT ?\`, [
             limit,
           ])`,
        ],
      ],
    },
    {
      name: 'sum-as-text',
      fails: ['10.load.exact'],
      why: 'A SUM() arrives as text.',
      edits: [
        [
          'FROM (SELECT seller_id, CAST(SUM(total_price) AS UNSIGNED) AS earned FROM sales GROUP BY seller_id) e',
          'FROM (SELECT seller_id, SUM(total_price) AS earned FROM sales GROUP BY seller_id) e',
        ],
      ],
    },
    {
      name: 'swaps-only',
      fails: ['10.rebuild.meanwhile'],
      why: 'What was told since MySQL was read goes with the old leaderboard.',
      edits: [["local told = redis.call('HGETALL', KEYS[3])", 'local told = {}']],
    },
    {
      name: 'ties-as-text',
      fails: ['10.load.ties'],
      why: 'Players with equal sums stand by their id as a text: 10 before 9.',
      edits: [
        [
          '`${EARNED} ORDER BY e.earned DESC, p.id LIMIT ?`',
          '`${EARNED} ORDER BY e.earned DESC, CAST(p.id AS CHAR) LIMIT ?`',
        ],
      ],
    },
    {
      name: 'ties-by-login',
      fails: ['10.load.ties'],
      why: 'Players with equal sums stand by their login.',
      edits: [
        [
          '`${EARNED} ORDER BY e.earned DESC, p.id LIMIT ?`',
          '`${EARNED} ORDER BY e.earned DESC, p.login LIMIT ?`',
        ],
      ],
    },
    {
      name: 'tostring',
      fails: ['10.live.exact'],
      why: 'tostring() in a script writes 14 digits.',
      edits: [
        [
          "redis.call('ZINCRBY', KEYS[1], '-' .. ARGV[3], ARGV[2])",
          "redis.call('ZADD', KEYS[1], tostring((tonumber(redis.call('ZSCORE', KEYS[1], ARGV[2]) or '0')) - ARGV[3]), ARGV[2])",
        ],
      ],
    },
    {
      name: 'up-to-the-greatest',
      fails: ['10.rebuild.counted'],
      why: 'Takes all ids up to the greatest for counted: a transaction that commits later is lost.',
      edits: [
        [
          "'SELECT id FROM sales WHERE sold_at < ? ORDER BY id DESC LIMIT 1'",
          "'SELECT id FROM sales WHERE sold_at < ? OR TRUE ORDER BY id DESC LIMIT 1'",
        ],
      ],
    },
    {
      name: 'zero-coins',
      fails: ['10.live.values'],
      why: 'Takes a sale for nothing: the player stands there with 0.',
      edits: [
        [
          '!Number.isSafeInteger(sale[name]) || sale[name] < 1',
          '!Number.isSafeInteger(sale[name]) || sale[name] < 0',
        ],
      ],
    },
    {
      name: 'zero-is-all',
      fails: ['10.limit.refused'],
      why: 'Takes a limit of 0 for no limit.',
      edits: [
        [
          'if (Number.isSafeInteger(limit) && limit >= 1 && limit <= 1000) return limit;',
          `if (limit === 0) return 1000;
           if (Number.isSafeInteger(limit) && limit >= 1 && limit <= 1000) return limit;`,
        ],
      ],
    },
    {
      name: 'zrevrange',
      fails: ['10.live.ties'],
      why: 'ZREVRANGE turns round the order of equal scores.',
      edits: [
        [
          "redis.call('ZINCRBY', KEYS[1], '-' .. ARGV[3], ARGV[2])",
          "redis.call('ZINCRBY', KEYS[1], ARGV[3], ARGV[2])",
        ],
        [
          "local top = redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1, 'WITHSCORES')",
          "local top = redis.call('ZREVRANGE', KEYS[1], 0, ARGV[1] - 1, 'WITHSCORES')",
        ],
        ['-Number(flat[i + 1])', 'Number(flat[i + 1])'],
        [
          "redis.call('ZINCRBY', KEYS[4], '-' .. earned, member)",
          "redis.call('ZINCRBY', KEYS[4], earned, member)",
        ],
        ['fresh[0], -earned, memberOf(playerId)', 'fresh[0], earned, memberOf(playerId)'],
      ],
    },
    {
      name: 'looks-whose-lock-then-writes',
      fails: ['10.refresh.late'],
      why: 'Looks whose lock it is, and writes then: in between the lock may end, and another one load.',
      edits: [
        [
          'return (await finish(JSON.stringify({ limit, rows }))) === 1;',
          `if ((await redis.get(LOCK)) !== token) return false;
           await redis.set(KEPT, JSON.stringify({ limit, rows }), 'PX', ttlMs);
           await finish('');
           return true;`,
        ],
      ],
    },
    {
      name: 'looks-whose-lock-then-deletes',
      fails: ['10.refresh.late'],
      why: 'Writes in one step with the look, and then looks again and deletes: the lock may be another’s by then.',
      edits: [
        [
          "redis.call('DEL', KEYS[2])\nif ARGV[2] == '' then return 0 end",
          "if ARGV[2] == '' then return 0 end",
        ],
        [
          'return (await finish(JSON.stringify({ limit, rows }))) === 1;',
          `const done = (await finish(JSON.stringify({ limit, rows }))) === 1;
           if ((await redis.get(LOCK)) === token) await redis.del(LOCK);
           return done;`,
        ],
        [
          "await finish('').catch(() => {});",
          'if ((await redis.get(LOCK).catch(() => null)) === token) await redis.del(LOCK);',
        ],
      ],
    },
    {
      name: 'looks-then-locks-in-turns',
      fails: ['10.refresh.processes'],
      why: 'One refresh at a time in this process; of two processes that look at once both take the lock.',
      edits: [
        [
          'export async function refreshLeaderboard',
          `let refreshing = false;
           export async function refreshLeaderboard(ctx: Ctx, options: any): Promise<boolean> {
             limitOf(options);
             if (refreshing) return false;
             refreshing = true;
             return load(ctx, options).finally(() => {
               refreshing = false;
             });
           }
           async function load`,
        ],
        ["(await redis.set(LOCK, token, 'PX', lockMs, 'NX')) !== 'OK'", 'await redis.exists(LOCK)'],
        [
          'const finish = (text: string) => redis.eval(FINISH, 2, KEPT, LOCK, token, text, ttlMs);',
          `await redis.set(LOCK, token, 'PX', lockMs);
           const finish = (text: string) => redis.eval(FINISH, 2, KEPT, LOCK, token, text, ttlMs);`,
        ],
      ],
    },
    {
      name: 'whole-seconds',
      fails: ['10.refresh.ttl'],
      why: 'Cuts the time to live to whole seconds.',
      edits: [
        [
          "redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])",
          "redis.call('SET', KEYS[1], ARGV[2], 'EX', math.max(1, math.floor(ARGV[3] / 1000)))",
        ],
      ],
    },
    {
      name: 'lock-of-a-minute',
      fails: ['10.refresh.killed'],
      why: 'Another default for lockMs.',
      edits: [['lockMs = 30_000', 'lockMs = 60_000']],
    },
    {
      name: 'lock-rounded-up',
      fails: ['10.refresh.killed'],
      why: 'The lock lasts up to a second longer than lockMs.',
      edits: [["LOCK, token, 'PX', lockMs, 'NX'", "LOCK, token, 'EX', Math.ceil(lockMs / 1000), 'NX'"]],
    },
    {
      name: 'at-most-a-hundred',
      fails: ['10.limit.refused'],
      why: 'Refuses a limit above 100.',
      edits: [
        [
          'Number.isSafeInteger(limit) && limit >= 1 && limit <= 1000',
          'Number.isSafeInteger(limit) && limit >= 1 && limit <= 100',
        ],
      ],
    },
    {
      name: 'looks-at-what-was-told-then-swaps',
      fails: ['10.rebuild.meanwhile'],
      why: 'Reads what was told, and swaps then: what is told in between is lost.',
      edits: [
        ["local told = redis.call('HGETALL', KEYS[3])", 'local told = cjson.decode(table.remove(ARGV))'],
        [
          'return redis.eval(SWAP, 6, LIVE, LOGINS, COUNTED, ...fresh, ...before);',
          `const told = Object.entries(await redis.hgetall(COUNTED)).flat();
           return redis.eval(SWAP, 6, LIVE, LOGINS, COUNTED, ...fresh, ...before, JSON.stringify(told));`,
        ],
        [
          'for _, sale in ipairs(ARGV) do before[sale] = true end',
          'for i = 1, #ARGV - 1 do before[ARGV[i]] = true end',
        ],
      ],
    },
    {
      name: 'ids-then-sums',
      fails: ['10.rebuild.meanwhile'],
      why: 'Reads ids, then sums, each of its own moment: a sale made in between is in the sums, and counts again.',
      edits: [
        [
          "await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');\n    const [players] = await connection.query(EARNED);",
          '',
        ],
        ["await connection.query('COMMIT');", 'const [players] = await connection.query(EARNED);'],
      ],
    },
    {
      name: 'half-an-hour',
      fails: ['10.rebuild.counted'],
      why: 'Takes sales for settled after half an hour.',
      edits: [['new Date(now() - 3_600_000)', 'new Date(now() - 1_800_000)']],
    },
    {
      name: 'remembers-what-was-recent',
      fails: ['10.rebuild.forgets'],
      why: 'Keeps each sale that it once remembered, also where the greatest id says it by now.',
      edits: [
        [
          'return redis.eval(SWAP, 6, LIVE, LOGINS, COUNTED, ...fresh, ...before);',
          `if (before.length > 0) await redis.sadd('leaderboard:live:known', ...before);
           return redis.eval(SWAP, 6, LIVE, LOGINS, COUNTED, ...fresh, ...before);`,
        ],
      ],
    },
    {
      name: 'a-lock-of-its-own-name',
      fails: ['10.keys.names'],
      why: 'The lock stands under a name that another application may use.',
      edits: [["const LOCK = 'leaderboard:lock';", "const LOCK = 'lock:leaderboard';"]],
    },
    {
      name: 'error-is-null',
      fails: ['10.errors.told'],
      why: 'Takes an error of Redis for nothing kept.',
      edits: [
        ['const text = await redis.get(KEPT);', 'const text = await redis.get(KEPT).catch(() => null);'],
      ],
    },
    {
      name: 'keeps-its-connection',
      fails: ['10.errors.end'],
      why: 'Gives its connection back only where nothing fails.',
      edits: [
        [
          "await connection.query('COMMIT');",
          `await connection.query('COMMIT');
           connection.release();`,
        ],
        [
          `} finally {
             connection.release();
           }`,
          `} finally {
           }`,
        ],
      ],
    },
  ],
};
