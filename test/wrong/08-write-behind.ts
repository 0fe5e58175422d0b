import type { WrongSolutions } from '../../kit/prove/kept/wrong-solutions.ts';

export const wrong: WrongSolutions = {
  base: 'answers/08-write-behind.md',
  solutions: [
    {
      name: 'a-transaction-each',
      fails: ['08.flush.batch'],
      why: 'Reads a batch and then opens a transaction for each change of it.',
      edits: [
        [
          'applied += await settle(mysql, changes);',
          'for (const change of changes) applied += await settle(mysql, [change]);',
        ],
      ],
    },
    {
      name: 'acknowledges-before-commit',
      fails: ['08.flush.cut-mysql'],
      why: 'Takes the batch out of Redis when its statements are done, and then COMMIT fails.',
      edits: [
        ['settle(mysql, changes)', 'settle(mysql, changes, () => acknowledge(redis, changes))'],
        [
          'async function inTransaction<T>(mysql: Pool, work: (connection: PoolConnection) => Promise<T>): Promise<T> {',
          `async function inTransaction<T>(
             mysql: Pool,
             work: (connection: PoolConnection) => Promise<T>,
             beforeCommit: () => Promise<void> = async () => {},
           ): Promise<T> {`,
        ],
        [
          'await connection.commit();',
          `await beforeCommit();
           await connection.commit();`,
        ],
        [
          'async function settle(mysql: Pool, changes: Entry[]): Promise<number> {',
          'async function settle(mysql: Pool, changes: Entry[], done = async () => {}): Promise<number> {',
        ],
        [
          'inTransaction(mysql, (connection) => apply(connection, changes))',
          'inTransaction(mysql, (connection) => apply(connection, changes), done)',
        ],
      ],
    },
    {
      name: 'adds-in-the-process',
      fails: ['08.accept.sums'],
      why: 'Reads the sum, adds, and writes it back: of forty at once most are lost.',
      edits: [
        ["redis.call('HINCRBY', KEYS[3], ARGV[1], ARGV[2])`", 'return 1`'],
        [
          'const text = JSON.stringify(change);',
          `const text = JSON.stringify(change);
           const taken = await redis.eval(ACCEPT, 2, seen(change.changeId), LOG, '', '', text);
           if (!taken) return;
           const sum = Number(await redis.hget(PENDING, placeOf(change)));`,
        ],
        [
          'redis.eval(ACCEPT, 3, seen(change.changeId), LOG, PENDING, placeOf(change), change.delta, text)',
          'redis.hset(PENDING, placeOf(change), sum + change.delta)',
        ],
      ],
    },
    {
      name: 'allkeys-only',
      fails: ['08.run.evicting'],
      why: 'Refuses allkeys-lru alone: volatile-ttl evicts the marks of the changes, which have a time to live.',
      edits: [["policy !== 'noeviction'", "policy?.startsWith('allkeys')"]],
    },
    {
      name: 'any-policy',
      fails: ['08.run.evicting'],
      why: 'Runs on a Redis that evicts: an accepted change is gone when memory runs short.',
      edits: [["policy !== 'noeviction'", 'policy === undefined']],
    },
    {
      name: 'asks-mysql-first',
      fails: ['08.flush.idle'],
      why: 'Takes its turn in MySQL before it looks whether there is anything to write.',
      edits: [
        [
          "const [last] = await redis.xrevrange(LOG, '+', '-', 'COUNT', 1);",
          `await mysql.query('SELECT 1 FROM markers WHERE name = ?', ['write-behind.turn']);
           const [last] = await redis.xrevrange(LOG, '+', '-', 'COUNT', 1);`,
        ],
      ],
    },
    {
      name: 'autocommit',
      fails: ['08.flush.cut-mysql'],
      why: 'No transaction: a cut between two statements leaves the quantity without the id.',
      edits: [['await connection.beginTransaction();', '']],
    },
    {
      name: 'by-sum',
      fails: ['08.refused.turn'],
      why: 'Adds a batch up first: what was spent before it came is paid with what came later.',
      edits: [
        [
          `if (quantity < 0 || quantity > LARGEST)
             throw new Refused(
               \`player \${change.playerId} would hold \${quantity} of resource \${change.resourceId}\`,
             );`,
          '',
        ],
        [
          `}
           await connection.query(`,
          `}
           for (const [place, quantity] of held)
             if (quantity < 0 || quantity > LARGEST) throw new Refused(\`\${place} would hold \${quantity}\`);
           await connection.query(`,
        ],
      ],
    },
    {
      name: 'counts-batches',
      fails: ['08.flush.writes'],
      why: 'Resolves to the number of batches.',
      edits: [
        [
          'applied += await settle(mysql, changes);',
          `await settle(mysql, changes);
           applied++;`,
        ],
      ],
    },
    {
      name: 'deaf-pipeline',
      fails: ['08.accept.full'],
      why: 'exec() of a pipeline resolves whatever its commands said: a full Redis kept nothing, and it was acknowledged.',
      edits: [
        [
          'redis.eval(ACCEPT, 3, seen(change.changeId), LOG, PENDING, placeOf(change), change.delta, text)',
          `redis
             .pipeline()
             .eval(ACCEPT, 3, seen(change.changeId), LOG, PENDING, placeOf(change), change.delta, text)
             .exec()`,
        ],
      ],
    },
    {
      name: 'deletes-the-queue',
      fails: ['08.flush.meanwhile'],
      why: 'Reads the queue, writes it, and deletes the whole key with what came meanwhile.',
      edits: [
        [
          'if (entries.length === 0) return applied;',
          `if (entries.length === 0) {
             await redis.del(LOG);
             return applied;
           }`,
        ],
      ],
    },
    {
      name: 'down-to-zero',
      fails: ['08.refused.told', '08.refused.turn'],
      why: 'Takes what is there where it is not enough: a change that was never asked for.',
      edits: [
        [
          'if (quantity < 0 || quantity > LARGEST)',
          `if (quantity < 0) {
             held.set(place, 0);
             continue;
           }
           if (quantity > LARGEST)`,
        ],
      ],
    },
    {
      name: 'drops-it-silently',
      fails: ['08.refused.told'],
      why: 'Takes a change that MySQL refused out of the queue and tells nobody.',
      edits: [
        [
          "await connection.query('INSERT INTO outbox (topic, payload) VALUES (?, ?)', [REFUSED, payload])",
          'console.error(payload)',
        ],
      ],
    },
    {
      name: 'drops-the-batch',
      fails: ['08.refused.told'],
      why: 'Refuses the whole batch for one change of it.',
      edits: [
        [
          `const [first, ...others] = changes as [Entry, ...Entry[]];
           if (others.length === 0) {
             await inTransaction(mysql, (connection) => refuse(connection, first, (error as Error).message));
             return 0;
           }
           const half = changes.length >> 1;
           return (await settle(mysql, changes.slice(0, half))) + (await settle(mysql, changes.slice(half)));`,
          `for (const change of changes)
             await inTransaction(mysql, (connection) => refuse(connection, change, (error as Error).message));
           return 0;`,
        ],
      ],
    },
    {
      name: 'ends-at-an-error',
      fails: ['08.run.outage'],
      why: 'The first flush that fails ends the loop.',
      edits: [
        [
          "import { Queue, Worker } from 'bullmq';",
          "import { setTimeout as pause } from 'node:timers/promises';",
        ],
        [
          `const QUEUE = 'write-behind';
           /** Of a worker that is gone, ms: a flush may run twice, so another one need not wait half a minute to be sure. */
           const impatient = {
             lockDuration: 1000,
             stalledInterval: 500,
             runRetryDelay: 500,
             maxStalledCount: Number.MAX_SAFE_INTEGER,
           };`,
          '',
        ],
        [
          `const connection = redis.duplicate({ maxRetriesPerRequest: null });
           const queue = new Queue(QUEUE, { connection });
           const worker = new Worker(QUEUE, () => flushChanges({ redis, mysql }, { batch }), {
             connection,
             ...impatient,
             removeOnComplete: { count: 0 },
             removeOnFail: { count: 100 },
           });
           queue.on('error', () => {}); // they connect again
           worker.on('error', () => {});
           try {
             await queue.upsertJobScheduler('flush', { every: everyMs });
             await stopped();
           } finally {
             await worker.close();
             await queue.close();
             connection.disconnect();
           }`,
          `const stop = new AbortController();
           const loop = async () => {
             while (!stop.signal.aborted) {
               await flushChanges({ redis, mysql }, { batch });
               await pause(everyMs, undefined, { signal: stop.signal }).catch(() => {});
             }
           };
           const running = loop().catch(() => {});
           await stopped();
           stop.abort();
           await running;`,
        ],
      ],
    },
    {
      name: 'every-error-is-final',
      fails: ['08.flush.down', '08.flush.cut-mysql'],
      why: 'Takes a lost connection for a refusal.',
      edits: [
        [
          "return error instanceof Refused || error.errno === 3819 || /^(22|23|45)/.test(error.sqlState ?? '');",
          'return error instanceof Error;',
        ],
        [
          'inTransaction(mysql, (connection) => refuse(connection, first, (error as Error).message))',
          `inTransaction(mysql, (connection) => refuse(connection, first, (error as Error).message)).catch(
             () => {},
           )`,
        ],
      ],
    },
    {
      name: 'flushes-once',
      fails: ['08.run.flushes'],
      why: 'One job and no schedule: what comes after it stays in Redis.',
      edits: [
        [
          "queue.upsertJobScheduler('flush', { every: everyMs })",
          "queue.add('flush', {}, { delay: everyMs })",
        ],
      ],
    },
    {
      name: 'forgets-at-once',
      fails: ['08.accept.same-id'],
      why: 'Forgets a changeId as soon as the change is written: sent again, it is pending once more.',
      edits: [["redis.call('PEXPIRE', KEYS[i], ARGV[1])", "redis.call('DEL', KEYS[i])"]],
    },
    {
      name: 'ids-by-pattern',
      fails: ['08.accept.two-ids'],
      why: 'Looks for the id as a pattern among the keys: `x*` is every id that begins with x.',
      edits: [
        [
          'const text = JSON.stringify(change);',
          `const text = JSON.stringify(change);
           if ((await redis.keys(seen(change.changeId))).length > 0) return;`,
        ],
      ],
    },
    {
      name: 'ids-in-lower-case',
      fails: ['08.accept.two-ids'],
      why: 'Takes a1 and A1 for the same change: one that was acknowledged is lost.',
      edits: [['`write-behind:seen:${changeId}`', '`write-behind:seen:${changeId.toLowerCase()}`']],
    },
    {
      name: 'integers-of-any-size',
      fails: ['08.accept.no-change'],
      why: 'Number.isInteger says yes to 4,294,967,296, which fits no INT UNSIGNED.',
      edits: [['Number.isSafeInteger(value) && Math.abs(value) <= LARGEST', 'Number.isInteger(value)']],
    },
    {
      name: 'judged-again',
      fails: ['08.refused.cut'],
      why: 'A refused change is not in applied_writes: after a cut it is judged again, on what came later.',
      edits: [
        [
          `  await markSettled(connection, open);
           }`,
          '}',
        ],
      ],
    },
    {
      name: 'last-one-wins',
      fails: ['08.accept.same-id'],
      why: 'The same changeId with another delta takes the place of the first, which was acknowledged.',
      edits: [
        [
          `const ACCEPT = \`
           if not redis.call('SET', KEYS[1], '', 'NX') then return end
           redis.call('XADD', KEYS[2], '*', 'change', ARGV[3])
           redis.call('HINCRBY', KEYS[3], ARGV[1], ARGV[2])\`;`,
          `const ACCEPT = \`
           local before = redis.call('GET', KEYS[1])
           if before then
             local entry, delta = string.match(before, '(.*) (.*)')
             if redis.call('XDEL', KEYS[2], entry) == 0 then return end
             redis.call('HINCRBY', KEYS[3], ARGV[1], -delta)
           end
           local entry = redis.call('XADD', KEYS[2], '*', 'change', ARGV[3])
           redis.call('SET', KEYS[1], entry .. ' ' .. ARGV[2])
           redis.call('HINCRBY', KEYS[3], ARGV[1], ARGV[2])\`;`,
        ],
      ],
    },
    {
      name: 'letters-of-any-kind',
      fails: ['08.accept.no-change'],
      why: 'A changeId with a space or an umlaut: what two collations take for equal is another id for Redis.',
      edits: [
        [
          "typeof changeId !== 'string' || !/^[!-~]{1,100}$/.test(changeId)",
          "typeof changeId !== 'string' || changeId.length < 1 || changeId.length > 100",
        ],
      ],
    },
    {
      name: 'looks-first',
      fails: ['08.accept.one-trip', '08.accept.same-id'],
      why: 'EXISTS, then the rest: of eight that look at once, all find nothing.',
      edits: [
        [
          'await redis.eval(ACCEPT, 3, seen(change.changeId), LOG, PENDING, placeOf(change), change.delta, text);',
          `if (await redis.exists(seen(change.changeId))) return;
           const replies = await redis
             .multi()
             .set(seen(change.changeId), '')
             .xadd(LOG, '*', 'change', text)
             .hincrby(PENDING, placeOf(change), change.delta)
             .exec();
           for (const [error] of replies ?? []) if (error) throw error;`,
        ],
      ],
    },
    {
      name: 'mark-first',
      fails: ['08.accept.cut'],
      why: 'Remembers the id, then queues the change: killed between the two, it is known for ever and was never written.',
      edits: [
        [
          'await redis.eval(ACCEPT, 3, seen(change.changeId), LOG, PENDING, placeOf(change), change.delta, text);',
          `if (!(await redis.set(seen(change.changeId), '', 'NX'))) return;
           const replies = await redis
             .multi()
             .xadd(LOG, '*', 'change', text)
             .hincrby(PENDING, placeOf(change), change.delta)
             .exec();
           for (const [error] of replies ?? []) if (error) throw error;`,
        ],
      ],
    },
    {
      name: 'never-ends',
      fails: ['08.run.flushes'],
      why: 'A timer that nobody clears: it goes on after runFlusher() has resolved.',
      edits: [
        ["import { Queue, Worker } from 'bullmq';", ''],
        [
          `const QUEUE = 'write-behind';
           /** Of a worker that is gone, ms: a flush may run twice, so another one need not wait half a minute to be sure. */
           const impatient = {
             lockDuration: 1000,
             stalledInterval: 500,
             runRetryDelay: 500,
             maxStalledCount: Number.MAX_SAFE_INTEGER,
           };`,
          '',
        ],
        [
          `const connection = redis.duplicate({ maxRetriesPerRequest: null });
           const queue = new Queue(QUEUE, { connection });
           const worker = new Worker(QUEUE, () => flushChanges({ redis, mysql }, { batch }), {
             connection,
             ...impatient,
             removeOnComplete: { count: 0 },
             removeOnFail: { count: 100 },
           });
           queue.on('error', () => {}); // they connect again
           worker.on('error', () => {});
           try {
             await queue.upsertJobScheduler('flush', { every: everyMs });
             await stopped();
           } finally {
             await worker.close();
             await queue.close();
             connection.disconnect();
           }`,
          `setInterval(() => flushChanges({ redis, mysql }, { batch }).catch(() => {}), everyMs);
           await stopped();`,
        ],
      ],
    },
    {
      name: 'newest-first',
      fails: ['08.flush.order'],
      why: 'Takes the newest changes first, as LPUSH and LPOP do.',
      edits: [
        [
          "redis.xrange(LOG, '-', last[0], 'COUNT', batch)",
          "redis.xrevrange(LOG, last[0], '-', 'COUNT', batch)",
        ],
      ],
    },
    {
      name: 'no-applied-writes',
      fails: ['08.flush.writes', '08.flush.cut-mysql', '08.flush.cut-redis'],
      why: 'Keeps no changeId in MySQL: nobody can tell whether a change was written.',
      edits: [
        [
          "await connection.query('INSERT INTO applied_writes (write_id) VALUES ?', [ids]);",
          'if (ids.length === 0) return;',
        ],
      ],
    },
    {
      name: 'no-look',
      fails: ['08.flush.cut-mysql', '08.flush.forgotten'],
      why: 'INSERT IGNORE into applied_writes, and no look whether it was there: a batch that comes twice counts twice.',
      edits: [
        [
          'for (const { write_id } of rows) byId.delete(write_id);',
          'if (rows.length > 1_000_000) return [];',
        ],
        [
          "'INSERT INTO applied_writes (write_id) VALUES ?'",
          "'INSERT IGNORE INTO applied_writes (write_id) VALUES ?'",
        ],
      ],
    },
    {
      name: 'no-mark',
      fails: ['08.accept.same-id'],
      why: 'Leaves it to applied_writes to tell what came twice: until the flush it counts twice.',
      edits: [["if not redis.call('SET', KEYS[1], '', 'NX') then return end", '']],
    },
    {
      name: 'no-separator',
      fails: ['08.accept.sums'],
      why: 'Player 1 and resource 11 have the field of player 11 and resource 1: 111.',
      edits: [
        [
          'ACCEPT, 3, seen(change.changeId), LOG, PENDING, placeOf(change), change.delta, text',
          'ACCEPT, 3, seen(change.changeId), LOG, PENDING, fieldOf(change), change.delta, text',
        ],
        ['placeOf({ playerId, resourceId })', 'fieldOf({ playerId, resourceId })'],
        [
          'const placeOf = ({ playerId, resourceId }: { playerId: number; resourceId: number }) =>',
          `const fieldOf = ({ playerId, resourceId }: { playerId: number; resourceId: number }) =>
             \`\${playerId}\${resourceId}\`;
           const placeOf = ({ playerId, resourceId }: { playerId: number; resourceId: number }) =>`,
        ],
        ['change.entry, placeOf(change), -change.delta', 'change.entry, fieldOf(change), -change.delta'],
      ],
    },
    {
      name: 'one-by-one',
      fails: ['08.flush.batch'],
      why: 'One INSERT and one look for each change: a batch in name only.',
      edits: [
        [
          `const [rows] = await connection.query<RowDataPacket[]>(
             'SELECT write_id FROM applied_writes WHERE write_id IN (?)',
             [[...byId.keys()]],
           );
           for (const { write_id } of rows) byId.delete(write_id);`,
          `for (const id of [...byId.keys()]) {
             const [rows] = await connection.query<RowDataPacket[]>(
               'SELECT write_id FROM applied_writes WHERE write_id = ?',
               [id],
             );
             if (rows.length > 0) byId.delete(id);
           }`,
        ],
      ],
    },
    {
      name: 'one-leader-for-ever',
      fails: ['08.run.killed'],
      why: 'Who comes first holds a lock without an end: killed, it holds it still.',
      edits: [
        [
          "import { Queue, Worker } from 'bullmq';",
          "import { setTimeout as pause } from 'node:timers/promises';",
        ],
        [
          `const QUEUE = 'write-behind';
           /** Of a worker that is gone, ms: a flush may run twice, so another one need not wait half a minute to be sure. */
           const impatient = {
             lockDuration: 1000,
             stalledInterval: 500,
             runRetryDelay: 500,
             maxStalledCount: Number.MAX_SAFE_INTEGER,
           };`,
          '',
        ],
        [
          `const connection = redis.duplicate({ maxRetriesPerRequest: null });
           const queue = new Queue(QUEUE, { connection });
           const worker = new Worker(QUEUE, () => flushChanges({ redis, mysql }, { batch }), {
             connection,
             ...impatient,
             removeOnComplete: { count: 0 },
             removeOnFail: { count: 100 },
           });
           queue.on('error', () => {}); // they connect again
           worker.on('error', () => {});
           try {
             await queue.upsertJobScheduler('flush', { every: everyMs });
             await stopped();
           } finally {
             await worker.close();
             await queue.close();
             connection.disconnect();
           }`,
          `const stop = new AbortController();
           const me = \`\${process.pid}:\${Math.random()}\`;
           const loop = async () => {
             while (!stop.signal.aborted) {
               try {
                 await redis.set('write-behind:leader', me, 'NX');
                 if ((await redis.get('write-behind:leader')) === me) await flushChanges({ redis, mysql }, { batch });
               } catch {}
               await pause(everyMs, undefined, { signal: stop.signal }).catch(() => {});
             }
             if ((await redis.get('write-behind:leader')) === me) await redis.del('write-behind:leader');
           };
           const running = loop();
           await stopped();
           stop.abort();
           await running;`,
        ],
      ],
    },
    {
      name: 'one-transaction',
      fails: ['08.flush.size'],
      why: 'Everything in one transaction, whatever `batch` says: a long queue is a long lock, and a cut undoes all of it.',
      edits: [
        ['{ batch = 100 }: FlushOptions = {}', '_: FlushOptions = {}'],
        ["LOG, '-', last[0], 'COUNT', batch", "LOG, '-', last[0], 'COUNT', 1_000_000"],
      ],
    },
    {
      name: 'order-within-batch',
      fails: ['08.flush.order'],
      why: 'Sorts a batch by changeId, so that rows are locked in one order: it is the order of acceptance that counts.',
      edits: [
        [
          'applied += await settle(mysql, changes);',
          `changes.sort((a, b) => b.delta - a.delta || (a.changeId < b.changeId ? -1 : 1)).reverse();
           applied += await settle(mysql, changes);`,
        ],
      ],
    },
    {
      name: 'own-rule-alone',
      fails: ['08.refused.other'],
      why: 'Refuses what would be less than 0, and knows nothing of the other reasons that MySQL has.',
      edits: [
        [
          "return error instanceof Refused || error.errno === 3819 || /^(22|23|45)/.test(error.sqlState ?? '');",
          'return error instanceof Refused;',
        ],
        ['quantity < 0 || quantity > LARGEST', 'quantity < 0'],
      ],
    },
    {
      name: 'pending-by-walking',
      fails: ['08.accept.one-trip'],
      why: 'Reads the queue in pages to add up what is pending: a trip a page, and longer the longer the queue is.',
      edits: [
        [
          'return Number(await redis.hget(PENDING, placeOf({ playerId, resourceId })));',
          `let sum = 0;
           for (let from = '-'; ; ) {
             const page = await redis.xrange(LOG, from, '+', 'COUNT', 100);
             if (page.length === 0) return sum;
             for (const [, [, text]] of page) {
               const change = JSON.parse(text!) as InventoryChange;
               if (change.playerId === playerId && change.resourceId === resourceId) sum += change.delta;
             }
             from = \`(\${page.at(-1)![0]}\`;
           }`,
        ],
      ],
    },
    {
      name: 'plain-error',
      fails: ['08.accept.no-change'],
      why: 'Throws an Error: a caller cannot tell a mistake of its own from a Redis that is away.',
      edits: [
        [
          'new TypeError(`changeId must be 1 to 100 visible ASCII characters, not ${String(changeId)}.`)',
          'new Error(`changeId must be 1 to 100 visible ASCII characters, not ${String(changeId)}.`)',
        ],
        [
          'new TypeError(`playerId must be a whole number from 1 on, not ${String(playerId)}.`)',
          'new Error(`playerId must be a whole number from 1 on, not ${String(playerId)}.`)',
        ],
        [
          'new TypeError(`resourceId must be a whole number from 1 on, not ${String(resourceId)}.`)',
          'new Error(`resourceId must be a whole number from 1 on, not ${String(resourceId)}.`)',
        ],
        [
          'new TypeError(`delta must be a whole number other than 0, not ${String(delta)}.`)',
          'new Error(`delta must be a whole number other than 0, not ${String(delta)}.`)',
        ],
      ],
    },
    {
      name: 'poison-blocks',
      fails: ['08.refused.told', '08.refused.other'],
      why: 'Throws for a change that MySQL will never take, at every call: those behind it wait for ever.',
      edits: [['!isRefusal(error as Error)', 'isRefusal(error as Error) || changes.length > 0']],
    },
    {
      name: 'queue-first',
      fails: ['08.accept.cut'],
      why: 'Queues the change, then remembers the id: killed between the two, it is queued again.',
      edits: [
        [
          'const text = JSON.stringify(change);',
          `const text = JSON.stringify(change);
           if (await redis.exists(seen(change.changeId))) return;
           const replies = await redis
             .multi()
             .xadd(LOG, '*', 'change', text)
             .hincrby(PENDING, placeOf(change), change.delta)
             .exec();
           for (const [error] of replies ?? []) if (error) throw error;`,
        ],
        [
          'redis.eval(ACCEPT, 3, seen(change.changeId), LOG, PENDING, placeOf(change), change.delta, text)',
          "redis.set(seen(change.changeId), '')",
        ],
      ],
    },
    {
      name: 'refusals-in-redis',
      fails: ['08.refused.cut'],
      why: 'Writes a refusal to Redis after the transaction: killed in between, nobody ever hears of it.',
      edits: [
        ['settle(mysql, changes)', 'settle({ redis, mysql }, changes)'],
        [
          'mysql: Pool, changes: Entry[]',
          `{ redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
           changes: Entry[]`,
        ],
        [
          'await inTransaction(mysql, (connection) => refuse(connection, first, (error as Error).message));',
          `const reason = (error as Error).message;
           const fresh = await inTransaction(mysql, (connection) => refuse(connection, first));
           if (fresh) await redis.rpush('write-behind:refused', JSON.stringify({ ...first, reason }));`,
        ],
        [
          '(await settle(mysql, changes.slice(0, half))) + (await settle(mysql, changes.slice(half)))',
          `(
             (await settle({ redis, mysql }, changes.slice(0, half))) +
             (await settle({ redis, mysql }, changes.slice(half)))
           )`,
        ],
        [
          `/** Topic of the outbox: what was accepted and cannot be written. */
           const REFUSED = 'inventory.refused';`,
          '',
        ],
        [
          'async function refuse(connection: PoolConnection, change: Entry, reason: string): Promise<void> {',
          'async function refuse(connection: PoolConnection, change: Entry): Promise<boolean> {',
        ],
        [
          `if (open.length === 0) return;
           const { entry, ...refused } = change;
           const payload = JSON.stringify({ ...refused, reason });
           await connection.query('INSERT INTO outbox (topic, payload) VALUES (?, ?)', [REFUSED, payload]);
           await markSettled(connection, open);`,
          `if (open.length > 0) await markSettled(connection, open);
           return open.length > 0;`,
        ],
        ["{ mysql }: Pick<LabContext, 'mysql'>", "{ redis }: Pick<LabContext, 'redis'>"],
        [
          `const [rows] = await mysql.query<RowDataPacket[]>(
             'SELECT payload FROM outbox WHERE topic = ? ORDER BY id',
             [REFUSED],
           );
           return rows.map(({ payload }) => JSON.parse(payload));`,
          "return (await redis.lrange('write-behind:refused', 0, -1)).map((text) => JSON.parse(text));",
        ],
      ],
    },
    {
      name: 'refused-stays-pending',
      fails: ['08.refused.told'],
      why: 'A refused change goes out of the queue, and its delta stays in the sum for ever.',
      edits: [
        [
          'applied += await settle(mysql, changes);',
          `const before = (await getRefused({ mysql })).length;
           applied += await settle(mysql, changes);`,
        ],
        [
          'await acknowledge(redis, changes);',
          `for (const change of (await getRefused({ mysql })).slice(before))
             await redis.hincrby(PENDING, placeOf(change), change.delta);
           await acknowledge(redis, changes);`,
        ],
      ],
    },
    {
      name: 'resets-the-sum',
      fails: ['08.flush.meanwhile'],
      why: 'Sets the sum to 0 when a batch is written, and with it what came meanwhile.',
      edits: [
        [
          `if redis.call('HINCRBY', KEYS[2], ARGV[at + 1], ARGV[at + 2]) == 0 then
             redis.call('HDEL', KEYS[2], ARGV[at + 1])
           end`,
          "redis.call('HDEL', KEYS[2], ARGV[at + 1])",
        ],
      ],
    },
    {
      name: 'sets-the-quantity',
      fails: ['08.flush.writes'],
      why: 'Writes the delta where the new quantity belongs.',
      edits: [['(held.get(place) ?? 0) + change.delta', 'change.delta']],
    },
    {
      name: 'stays-pending',
      fails: ['08.flush.writes'],
      why: 'Takes the entries out of the queue and leaves the sums as they were.',
      edits: [
        [
          `if redis.call('HINCRBY', KEYS[2], ARGV[at + 1], ARGV[at + 2]) == 0 then
             redis.call('HDEL', KEYS[2], ARGV[at + 1])
           end`,
          '',
        ],
      ],
    },
    {
      name: 'sum-afterwards',
      fails: ['08.accept.cut'],
      why: 'Queues in one step and adds to the sum in another: killed between the two, the sum is wrong for ever.',
      edits: [
        ["redis.call('HINCRBY', KEYS[3], ARGV[1], ARGV[2])`", 'return 1`'],
        [
          'await redis.eval(ACCEPT, 3, seen(change.changeId), LOG, PENDING, placeOf(change), change.delta, text);',
          `const taken = await redis.eval(ACCEPT, 2, seen(change.changeId), LOG, '', '', text);
           if (taken) await redis.hincrby(PENDING, placeOf(change), change.delta);`,
        ],
      ],
    },
    {
      name: 'swallows-mysql',
      fails: ['08.flush.down'],
      why: 'Resolves to 0 where MySQL is away: nobody hears that nothing is written any more.',
      edits: [
        [
          'applied += await settle(mysql, changes);',
          `try {
             applied += await settle(mysql, changes);
           } catch {
             return applied;
           }`,
        ],
      ],
    },
    {
      name: 'swallows-redis',
      fails: ['08.accept.full'],
      why: 'Prints what Redis threw and resolves.',
      edits: [
        [
          'redis.eval(ACCEPT, 3, seen(change.changeId), LOG, PENDING, placeOf(change), change.delta, text)',
          `redis
             .eval(ACCEPT, 3, seen(change.changeId), LOG, PENDING, placeOf(change), change.delta, text)
             .catch((error) => console.error(error.message))`,
        ],
      ],
    },
    {
      name: 'takes-anything',
      fails: ['08.accept.no-change'],
      why: 'Acknowledges what MySQL will never take: a delta of 1.5, a changeId of 101 characters.',
      edits: [['change = checked(given)', 'change = given']],
    },
    {
      name: 'takes-out-first',
      fails: ['08.flush.down', '08.flush.cut-redis'],
      why: 'Takes a batch out of Redis and then writes it: what is killed in between is lost.',
      edits: [
        [
          'applied += await settle(mysql, changes);',
          `await acknowledge(redis, changes);
           applied += await settle(mysql, changes);`,
        ],
        ['await acknowledge(redis, changes);', ''],
      ],
    },
    {
      name: 'takes-what-is-free',
      fails: ['08.flush.two'],
      why: 'Each process claims a batch of its own: the second batch is written before the first.',
      edits: [
        ["redis.xrange(LOG, '-', last[0], 'COUNT', batch)", 'claim(redis, last[0], batch)'],
        [
          '/** So long Redis remembers a change that is settled, ms: a day. */',
          `/** KEYS: the queue, what is claimed. ARGV: the last entry, how many. */
           const CLAIM = \`
           local free = {}
           for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', ARGV[1])) do
             if #free < tonumber(ARGV[2]) and redis.call('SADD', KEYS[2], entry[1]) == 1 then
               free[#free + 1] = entry
             end
           end
           redis.call('PEXPIRE', KEYS[2], 60000)
           return free\`;
           async function claim(redis: Redis, last: string, batch: number) {
             return (await redis.eval(CLAIM, 2, LOG, 'write-behind:claimed', last, batch)) as [string, string[]][];
           }
           /** So long Redis remembers a change that is settled, ms: a day. */`,
        ],
        [
          `await connection.query(
             "INSERT INTO markers (name, value) VALUES ('write-behind.turn', '') ON DUPLICATE KEY UPDATE value = value",
           );`,
          '',
        ],
      ],
    },
    {
      name: 'three-attempts',
      fails: ['08.run.outage'],
      why: 'A job with three attempts, and nothing after the third.',
      edits: [
        ["queue.upsertJobScheduler('flush', { every: everyMs })", "queue.add('flush', {}, { attempts: 3 })"],
      ],
    },
    {
      name: 'trims-by-count',
      fails: ['08.flush.two'],
      why: 'Takes as many off the head of the queue as it wrote: of two that wrote the same, one takes off what nobody wrote.',
      edits: [
        [
          "if redis.call('XDEL', KEYS[1], ARGV[at]) == 1 then",
          `local head = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
           if head and redis.call('XDEL', KEYS[1], head[1]) == 1 then`,
        ],
      ],
    },
    {
      name: 'trusts-redis',
      fails: ['08.flush.forgotten', '08.flush.cut-mysql'],
      why: 'Believes that what Redis hands out was never written: MySQL refuses the second row, at every call.',
      edits: [
        [
          'for (const { write_id } of rows) byId.delete(write_id);',
          'if (rows.length > 1_000_000) return [];',
        ],
        [
          "return error instanceof Refused || error.errno === 3819 || /^(22|23|45)/.test(error.sqlState ?? '');",
          `if (error.errno === 1062) return false;
           return error instanceof Refused || error.errno === 3819 || /^(22|23|45)/.test(error.sqlState ?? '');`,
        ],
      ],
    },
    {
      name: 'two-transactions',
      fails: ['08.flush.cut-mysql'],
      why: 'The quantities in one transaction, the ids in another: a cut between the two applies a batch twice.',
      edits: [
        [
          `await markSettled(connection, open);
           return open.length;`,
          `await connection.commit();
           await markSettled(connection, open);
           return open.length;`,
        ],
      ],
    },
    {
      name: 'updates-only',
      fails: ['08.flush.writes'],
      why: 'UPDATE changes no row where there is none: what a new player finds is gone.',
      edits: [
        [
          `\`INSERT INTO inventories (player_id, resource_id, quantity) VALUES ?
            ON DUPLICATE KEY UPDATE quantity = VALUES(quantity)\`,
           [[...held].map(([place, quantity]) => [...place.split(':'), quantity])]`,
          `\`UPDATE inventories SET quantity = CASE CONCAT(player_id, ':', resource_id)
              \${[...held].map(() => 'WHEN ? THEN ?').join(' ')} ELSE quantity END\`,
           [...held].flat()`,
        ],
      ],
    },
    {
      name: 'writes-mysql-at-once',
      fails: ['08.accept.now'],
      why: 'Accepting waits for MySQL: that is write-through, with all its latency and all its outages.',
      edits: [
        [
          `{ redis }: Pick<LabContext, 'redis'>,
           given: InventoryChange`,
          `{ redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
           given: InventoryChange`,
        ],
        [
          'await redis.eval(ACCEPT, 3, seen(change.changeId), LOG, PENDING, placeOf(change), change.delta, text);',
          `await redis.eval(ACCEPT, 3, seen(change.changeId), LOG, PENDING, placeOf(change), change.delta, text);
           await flushChanges({ redis, mysql });`,
        ],
      ],
    },
    {
      name: 'a-day-from-the-first',
      fails: ['08.accept.remembered'],
      why: 'The id ends a day after it came first: a change that waited for most of it is forgotten soon after it was written.',
      edits: [
        ["redis.call('SET', KEYS[1], '', 'NX')", "redis.call('SET', KEYS[1], '', 'EX', 86400, 'NX')"],
        ["redis.call('PEXPIRE', KEYS[i], ARGV[1])", ''],
      ],
    },
    {
      name: 'acknowledges-in-parts',
      fails: ['08.flush.cut-redis'],
      why: 'Takes the entries out in one command, and what they add up to from the sums in others: killed in between, the sums are wrong for ever.',
      edits: [
        [
          'await redis.eval(ACKNOWLEDGE, keys.length, ...keys, REMEMBER_MS, ...values);',
          `const [, , ...marks] = keys;
           for (const change of changes)
             if (await redis.xdel(LOG, change.entry)) await redis.hincrby(PENDING, placeOf(change), -change.delta);
           for (const mark of marks) await redis.pexpire(mark, REMEMBER_MS);
           if (values.length < 0) await redis.eval(ACKNOWLEDGE, 0);`,
        ],
      ],
    },
    {
      name: 'acknowledges-unasked',
      fails: ['08.flush.two'],
      why: 'Takes the delta from the sum whether or not the entry was still there: of two that wrote the same, both do.',
      edits: [
        [
          "if redis.call('XDEL', KEYS[1], ARGV[at]) == 1 then",
          `redis.call('XDEL', KEYS[1], ARGV[at])
           if true then`,
        ],
      ],
    },
    {
      name: 'any-answer-is-final',
      fails: ['08.flush.errors'],
      why: 'Takes whatever MySQL answers for a refusal, and only a lost connection for none: a deadlock loses what was acknowledged.',
      edits: [
        [
          "return error instanceof Refused || error.errno === 3819 || /^(22|23|45)/.test(error.sqlState ?? '');",
          'return error instanceof Refused || error.sqlState !== undefined;',
        ],
        [
          'inTransaction(mysql, (connection) => refuse(connection, first, (error as Error).message))',
          `inTransaction(mysql, (connection) => refuse(connection, first, (error as Error).message)).catch(
             () => mysql.query('INSERT INTO outbox (topic, payload) VALUES (?, ?)', [REFUSED, JSON.stringify(first)]),
           )`,
        ],
      ],
    },
    {
      name: 'closes-nothing',
      fails: ['08.run.flushes'],
      why: 'Ends the worker and leaves its own connection to Redis open: each run of a flusher costs one.',
      edits: [
        [
          `await queue.close();
           connection.disconnect();`,
          'await queue.close();',
        ],
      ],
    },
    {
      name: 'connection-for-each-error',
      fails: ['08.flush.errors', '08.refused.other'],
      why: 'Gives a connection back only where all went well: after ten errors the pool has none left.',
      edits: [
        [
          `await connection.commit();
           return value;`,
          `await connection.commit();
           connection.release();
           return value;`,
        ],
        [
          `} finally {
             connection.release();
           }`,
          '}',
        ],
      ],
    },
    {
      name: 'counts-refused',
      fails: ['08.refused.told'],
      why: 'Counts a refused change among those that it applied.',
      edits: [
        [
          `await inTransaction(mysql, (connection) => refuse(connection, first, (error as Error).message));
           return 0;`,
          `await inTransaction(mysql, (connection) => refuse(connection, first, (error as Error).message));
           return 1;`,
        ],
      ],
    },
    {
      name: 'for-an-hour',
      fails: ['08.accept.remembered'],
      why: 'Remembers an id for an hour after it was written.',
      edits: [['const REMEMBER_MS = 86_400_000;', 'const REMEMBER_MS = 3_600_000;']],
    },
    {
      name: 'in-the-middle',
      fails: ['08.run.flushes'],
      why: 'Does not wait for the flush under way: runFlusher() resolves, and the caller closes the pool under it.',
      edits: [['await worker.close();', 'await worker.close(true);']],
    },
    {
      name: 'larger-ids',
      fails: ['08.accept.no-change'],
      why: 'Looks at the size of the delta alone: no INT UNSIGNED holds player 4,294,967,296.',
      edits: [
        ['!whole(playerId) || playerId < 1', '!Number.isSafeInteger(playerId) || playerId < 1'],
        ['!whole(resourceId) || resourceId < 1', '!Number.isSafeInteger(resourceId) || resourceId < 1'],
      ],
    },
    {
      name: 'no-rollback',
      fails: ['08.flush.errors'],
      why: 'Gives a connection back in the middle of a transaction: the next BEGIN on it commits the half that was done.',
      edits: [['await connection.rollback().catch(() => connection.destroy());', '']],
    },
    {
      name: 'not-to-the-brim',
      fails: ['08.refused.turn'],
      why: 'Refuses what fits exactly.',
      edits: [['quantity < 0 || quantity > LARGEST', 'quantity < 0 || quantity >= LARGEST']],
    },
    {
      name: 'resolves-when-away',
      fails: ['08.accept.full'],
      why: 'Hears what Redis answers, and not that it does not answer.',
      edits: [
        [
          'await redis.eval(ACCEPT, 3, seen(change.changeId), LOG, PENDING, placeOf(change), change.delta, text);',
          `try {
             await redis.eval(ACCEPT, 3, seen(change.changeId), LOG, PENDING, placeOf(change), change.delta, text);
           } catch (error) {
             if ((error as Error).name === 'ReplyError') throw error;
           }`,
        ],
      ],
    },
    {
      name: 'asks-for-mysql',
      fails: ['08.accept.now', '08.accept.one-trip'],
      why: 'Asks whether MySQL is there before it accepts: while MySQL is away nobody can play.',
      edits: [
        [
          `{ redis }: Pick<LabContext, 'redis'>,
           given: InventoryChange`,
          `{ redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
           given: InventoryChange`,
        ],
        [
          'const text = JSON.stringify(change);',
          `const text = JSON.stringify(change);
           await mysql.query('SELECT 1');`,
        ],
      ],
    },
    {
      name: 'one-more-than-batch',
      fails: ['08.flush.size'],
      why: 'Reads one change more than a batch takes.',
      edits: [[`last[0], 'COUNT', batch)`, `last[0], 'COUNT', batch + 1)`]],
    },
    {
      name: 'unpacks-a-batch',
      fails: ['08.flush.batch'],
      why: 'Hands all marks of a batch to one command: unpack() ends at some 8,000.',
      edits: [
        [
          `const ACKNOWLEDGE = \`
`,
          `const ACKNOWLEDGE = \`
redis.call('EXISTS', unpack(KEYS))
`,
        ],
      ],
    },
    {
      name: 'failed-goes-behind',
      fails: ['08.flush.down'],
      why: 'Puts what could not be written at the end of the queue.',
      edits: [
        [
          'applied += await settle(mysql, changes);',
          `applied += await settle(mysql, changes).catch(async (error) => {
             const behind = redis.multi();
             for (const [entry, fields] of entries) behind.xdel(LOG, entry).xadd(LOG, '*', ...fields);
             await behind.exec();
             throw error;
           });`,
        ],
      ],
    },
    {
      name: 'known-for-two-days',
      fails: ['08.accept.remembered'],
      why: 'Knows an id for two days from the first attempt, however long its change waits.',
      edits: [[`redis.call('SET', KEYS[1], '', 'NX')`, `redis.call('SET', KEYS[1], '', 'NX', 'EX', 172800)`]],
    },
    {
      name: 'known-in-any-case',
      fails: ['08.flush.forgotten'],
      why: 'Takes A1 for applied as a1 is.',
      edits: [
        [
          'for (const { write_id } of rows) byId.delete(write_id);',
          `for (const { write_id } of rows)
           for (const id of byId.keys()) if (id.toLowerCase() === write_id.toLowerCase()) byId.delete(id);`,
        ],
      ],
    },
    {
      name: 'a-hundred-refusals',
      fails: ['08.refused.other'],
      why: 'Tells of the first hundred refusals.',
      edits: [
        [
          `'SELECT payload FROM outbox WHERE topic = ? ORDER BY id'`,
          `'SELECT payload FROM outbox WHERE topic = ? ORDER BY id LIMIT 100'`,
        ],
      ],
    },
    {
      name: 'every-topic',
      fails: ['08.refused.told'],
      why: 'Tells of whatever stands in the outbox.',
      edits: [
        [
          `'SELECT payload FROM outbox WHERE topic = ? ORDER BY id'`,
          `'SELECT payload FROM outbox ORDER BY id'`,
        ],
      ],
    },
    {
      name: 'deltas-of-32-bits',
      fails: ['08.flush.writes'],
      why: 'Counts with signed integers of 32 bits: 4,294,967,295 is -1.',
      edits: [['(held.get(place) ?? 0) + change.delta;', '(held.get(place) ?? 0) + (change.delta | 0);']],
    },
    {
      name: 'keeps-the-connection-of-a-time-out',
      fails: ['08.flush.errors'],
      why: 'Gives the connection back, but not where a lock took too long.',
      edits: [
        [
          `    await connection.rollback().catch(() => connection.destroy());
    throw error;
  } finally {
    connection.release();
  }`,
          `    await connection.rollback().catch(() => connection.destroy());
    if ((error as { errno?: number }).errno === 1205) throw error;
    connection.release();
    throw error;
  }`,
        ],
        [
          `    await connection.commit();
    return value;`,
          `    await connection.commit();
    connection.release();
    return value;`,
        ],
      ],
    },
    {
      name: 'own-batch',
      fails: ['08.run.often'],
      why: 'The flusher forgets the batch that it was given.',
      edits: [
        [
          'new Worker(QUEUE, () => flushChanges({ redis, mysql }, { batch }), {',
          'new Worker(QUEUE, () => flushChanges({ redis, mysql }), {',
        ],
        ['{ everyMs = 1000, batch }: FlusherOptions = {},', '{ everyMs = 1000 }: FlusherOptions = {},'],
      ],
    },
    {
      name: 'once-a-second',
      fails: ['08.run.often'],
      why: 'Flushes once a second, however often it is asked to.',
      edits: [['{ every: everyMs }', '{ every: Math.max(1000, everyMs) }']],
    },
    {
      name: 'ends-the-schedule',
      fails: ['08.run.killed'],
      why: 'Who is stopped takes away the schedule that all processes share.',
      edits: [
        [
          'await worker.close();',
          `await queue.removeJobScheduler('flush');
    await worker.close();`,
        ],
      ],
    },
    {
      name: 'lock-without-an-end',
      fails: ['08.run.killed'],
      why: 'One flush at a time by a lock in Redis that has no end: killed in the middle, it holds it still.',
      edits: [
        [
          'new Worker(QUEUE, () => flushChanges({ redis, mysql }, { batch }), {',
          'new Worker(QUEUE, flushAlone, {',
        ],
        [
          'const connection = redis.duplicate({ maxRetriesPerRequest: null });',
          `const flushAlone = async () => {
             if (!(await redis.set('write-behind:busy', '1', 'NX'))) return;
             await flushChanges({ redis, mysql }, { batch }).finally(() => redis.del('write-behind:busy'));
           };
           const connection = redis.duplicate({ maxRetriesPerRequest: null });`,
        ],
      ],
    },
    {
      name: 'ends-when-redis-is-away',
      fails: ['08.run.outage'],
      why: 'Its connection to Redis does not try again.',
      edits: [
        ['{ maxRetriesPerRequest: null }', '{ maxRetriesPerRequest: null, retryStrategy: () => null }'],
      ],
    },
    {
      name: 'begins-before-it-looks',
      fails: ['08.run.evicting'],
      why: 'Makes the queue, and only then asks whether Redis may evict.',
      edits: [
        [
          'const policy = /',
          `const early = new Queue(QUEUE, { connection: redis });
  await early.waitUntilReady();
  await early.setGlobalConcurrency(1);
  await early.close();
  const policy = /`,
        ],
      ],
    },
  ],
};
