import type { WrongSolutions } from '../../kit/prove/kept/wrong-solutions.ts';

export const wrong: WrongSolutions = {
  base: 'answers/11-sessions.md',
  solutions: [
    {
      name: 'little-random',
      fails: ['11.create.id'],
      why: '32 random bits, and a long text around them.',
      edits: [
        ["randomBytes(32).toString('base64url')", "`session-of-the-game-${randomBytes(4).toString('hex')}`"],
      ],
    },
    {
      name: 'twelve-bytes',
      fails: ['11.create.id'],
      why: '96 random bits, long enough as hex.',
      edits: [["randomBytes(32).toString('base64url')", "randomBytes(12).toString('hex')"]],
    },
    {
      name: 'moment-and-sixty-bits',
      fails: ['11.create.id'],
      why: '60 random bits after the moment.',
      edits: [
        [
          "randomBytes(32).toString('base64url')",
          "`${Date.now().toString(16).padStart(20, '0')}-${randomBytes(8).toString('hex').slice(1)}`",
        ],
      ],
    },
    {
      name: 'slides-without-turn',
      fails: ['11.once.slide'],
      why: 'Two uses read the row, and the earlier end is written last.',
      edits: [
        [
          'const [hash, at] = [hashOf(id), now()]; return inTurn(mysql, { hash, at }, async (session, connection) => { const slid = { ...session, expiresAt: slidTo(session, at + idleMs) };',
          `const [hash, at] = [hashOf(id), now()];
           return inTransaction(mysql, async (connection) => {
             const [[row]] = await connection.query<RowDataPacket[]>(FIND, [hash, at]);
             if (!row) return null;
             const session = row as Session;
             const slid = { ...session, expiresAt: slidTo(session, at + idleMs) };
             const [[still]] = await connection.query<RowDataPacket[]>(\`\${FIND} FOR UPDATE\`, [hash, at]);
             if (!still) return null;`,
        ],
      ],
    },
    {
      name: 'all-by-del',
      fails: ['11.end.reader-of-others'],
      why: 'One log-out leaves a mark, all at once leave nothing.',
      edits: [
        [
          'if (await endByHash(ctx, id_hash)) ended++;',
          `if (await endByHash(ctx, id_hash)) {
             await ctx.redis.del(keyOf(id_hash));
             ended++;
           }`,
        ],
      ],
    },
    {
      name: 'rotate-by-del',
      fails: ['11.end.reader-of-others'],
      why: 'The old id leaves no mark.',
      edits: [
        [
          'await markEnded(redis, hash, session, at); await keep(redis, hashOf(next)',
          'await redis.del(keyOf(hash)); await keep(redis, hashOf(next)',
        ],
      ],
    },
    {
      name: 'looks-without-turn',
      fails: ['11.slide.overtaken'],
      why: 'A use that looks before its turn brings back what is over.',
      edits: [
        [
          'const [hash, at] = [hashOf(id), now()]; return inTurn(mysql, { hash, at }, async (session, connection) => { const slid',
          `const [hash, at] = [hashOf(id), now()];
           return inTransaction(mysql, async (connection) => {
             const [[row]] = await connection.query<RowDataPacket[]>(FIND, [hash, at]);
             if (!row) return null;
             const session = row as Session;
             const slid`,
        ],
      ],
    },
    {
      name: 'mysql-away-is-nobody',
      fails: ['11.away.mysql'],
      why: 'What MySQL cannot say is taken for "not logged in".',
      edits: [
        [
          'const [[row]] = await mysql.query<RowDataPacket[]>(FIND, [hash, at]); if (!row) return null;',
          `const [[row]] = await mysql.query<RowDataPacket[]>(FIND, [hash, at]).catch((): [RowDataPacket[]] => [[]]);
           if (!row) return null;`,
        ],
      ],
    },
    {
      name: 'short-ids',
      fails: ['11.create.id'],
      why: '64 random bits.',
      edits: [['randomBytes(32)', 'randomBytes(8)']],
    },
    {
      name: 'counts-up',
      fails: ['11.create.id'],
      why: 'Ids are the hash of a count: each process makes the same ones.',
      edits: [
        [
          "const newId = (): string => randomBytes(32).toString('base64url');",
          `let count = 0;
           const newId = (): string => hashOf(\`session \${count++}\`);`,
        ],
      ],
    },
    {
      name: 'base64-ids',
      fails: ['11.create.id'],
      why: 'Ids with "+", "/" and "=".',
      edits: [["toString('base64url')", "toString('base64')"]],
    },
    {
      name: 'in-clear',
      fails: ['11.create.secret'],
      why: 'The id itself is stored.',
      edits: [["createHash('sha256').update(id).digest('hex')", 'id']],
    },
    {
      name: 'hash-as-base64',
      fails: ['11.create.secret'],
      why: 'Not hex.',
      edits: [["digest('hex')", "digest('base64url')"]],
    },
    {
      name: 'list-of-ids',
      fails: ['11.create.secret'],
      why: "Redis holds the player's ids as they are, in a list.",
      edits: [
        [
          'await keep(redis, hashOf(id), session, at);',
          `await keep(redis, hashOf(id), session, at);
           await redis.multi().sadd(\`sid:of:\${playerId}\`, id).pexpire(\`sid:of:\${playerId}\`, maxMs).exec();`,
        ],
      ],
    },
    {
      name: 'hash-logs-in',
      fails: ['11.create.secret'],
      why: 'What stands in Redis is taken for an id.',
      edits: [
        [
          'const hash = hashOf(id); const text',
          `const hash = /^[0-9a-f]{64}$/.test(id) ? id : hashOf(id);
           const text`,
        ],
      ],
    },
    {
      name: 'no-cap',
      fails: ['11.read.fields'],
      why: 'expiresAt after endsAt.',
      edits: [['expiresAt: Math.min(at + idleMs, endsAt), endsAt', 'expiresAt: at + idleMs, endsAt']],
    },
    {
      name: 'everybody-a-player',
      fails: ['11.read.fields'],
      why: 'Forgets the role.',
      edits: [
        [
          'const session = { playerId, role, createdAt',
          "const session = { playerId, role: 'player', createdAt",
        ],
      ],
    },
    {
      name: 'ends-after-idle',
      fails: ['11.read.fields'],
      why: 'The absolute end is counted from the first sliding one.',
      edits: [['const endsAt = at + maxMs;', 'const endsAt = at + maxMs + idleMs;']],
    },
    {
      name: 'trims',
      fails: ['11.read.nobody'],
      why: 'Takes another text for the id.',
      edits: [['.update(id)', '.update(id.trim())']],
    },
    {
      name: 'throws-on-odd',
      fails: ['11.read.nobody'],
      why: 'Throws where nobody is meant.',
      edits: [
        [
          'const hash = hashOf(id); const text',
          `if (!/^[\\w-]{3,}$/.test(id)) throw new TypeError('No id');
           const hash = hashOf(id);
           const text`,
        ],
      ],
    },
    {
      name: 'exists-first',
      fails: ['11.read.one-trip'],
      why: 'Asks whether it is there, then for it.',
      edits: [
        [
          'const text = await redis.get(keyOf(hash));',
          'const text = (await redis.exists(keyOf(hash))) ? await redis.get(keyOf(hash)) : null;',
        ],
      ],
    },
    {
      name: 'asks-mysql-too',
      fails: ['11.read.one-trip'],
      why: 'A hit asks MySQL whether it is true.',
      edits: [
        [
          'return session && at < session.expiresAt ? session : null;',
          `const [sure] = await mysql.query<RowDataPacket[]>(FIND, [hash, at]);
           return session && sure.length > 0 ? session : null;`,
        ],
      ],
    },
    {
      name: 'read-slides',
      fails: ['11.read.over'],
      why: 'Reading moves the sliding end.',
      edits: [
        [
          'return session && at < session.expiresAt ? session : null;',
          `if (!session || at >= session.expiresAt) return null;
           const longer = { ...session, expiresAt: Math.min(session.endsAt, Math.max(session.expiresAt, at + 1_800_000)) };
           await keep(redis, hash, longer, at);
           return session;`,
        ],
      ],
    },
    {
      name: 'one-ms-late',
      fails: ['11.read.over'],
      why: 'It lives at expiresAt.',
      edits: [['at < session.expiresAt', 'at <= session.expiresAt']],
    },
    {
      name: 'redis-lets-expire',
      fails: ['11.read.over'],
      why: 'Leaves it to the clock of Redis.',
      edits: [['return session && at < session.expiresAt ? session : null;', 'return session;']],
    },
    {
      name: 'mysql-is-always-right',
      fails: ['11.read.over'],
      why: 'A row that is over opens the session.',
      edits: [
        [
          'const [[row]] = await mysql.query<RowDataPacket[]>(FIND, [hash, at]);',
          'const [[row]] = await mysql.query<RowDataPacket[]>(FIND, [hash, 0]);',
        ],
        ["'PX', row.expiresAt - at, 'NX'", "'PX', Math.max(1, row.expiresAt - at), 'NX'"],
      ],
    },
    {
      name: 'slides-redis-alone',
      fails: ['11.slide.moves'],
      why: 'MySQL hears nothing of a use.',
      edits: [
        [
          "await connection.query('UPDATE sessions SET expires_at = ? WHERE id_hash = ?', [slid.expiresAt, hash]);",
          '',
        ],
      ],
    },
    {
      name: 'slides-mysql-alone',
      fails: ['11.slide.moves'],
      why: 'Redis hears nothing of a use.',
      edits: [['await keep(redis, hash, slid, at);', 'await redis.ping();']],
    },
    {
      name: 'adds-to-the-end',
      fails: ['11.slide.moves'],
      why: 'idleMs after the end that there was, not after now.',
      edits: [
        [
          'const slid = { ...session, expiresAt: slidTo(session, at + idleMs) };',
          'const slid = { ...session, expiresAt: slidTo(session, session.expiresAt + idleMs) };',
        ],
      ],
    },
    {
      name: 'says-what-was',
      fails: ['11.slide.moves'],
      why: 'Resolves to the session as it was before the use.',
      edits: [['return slid;', 'return session;']],
    },
    {
      name: 'end-moves-too',
      fails: ['11.slide.absolute'],
      why: 'Each use moves the absolute end.',
      edits: [
        [
          'const slid = { ...session, expiresAt: slidTo(session, at + idleMs) };',
          `const wanted = at + idleMs;
           const slid = { ...session, expiresAt: wanted > session.expiresAt ? wanted : session.expiresAt, endsAt: Math.max(session.endsAt, wanted) };
           await connection.query('UPDATE sessions SET ends_at = ? WHERE id_hash = ?', [slid.endsAt, hash]);`,
        ],
      ],
    },
    {
      name: 'no-absolute-end',
      fails: ['11.slide.absolute'],
      why: 'In Redis a use moves it beyond the absolute end.',
      edits: [
        [
          'await keep(redis, hash, slid, at);',
          'await keep(redis, hash, { ...slid, expiresAt: Math.max(slid.expiresAt, at + idleMs) }, at);',
        ],
      ],
    },
    {
      name: 'slides-what-is-over',
      fails: ['11.slide.over'],
      why: 'A use brings back what is over.',
      edits: [
        [
          'const [hash, at] = [hashOf(id), now()]; return inTurn(mysql, { hash, at }, async (session, connection) => { const slid',
          `const [hash, at] = [hashOf(id), now()];
           return inTurn(mysql, { hash, at: 0 }, async (session, connection) => {
             const slid`,
        ],
      ],
    },
    {
      name: 'rotates-what-is-over',
      fails: ['11.slide.over'],
      why: 'What is over gets a new id.',
      edits: [
        [
          'const [hash, at] = [hashOf(id), now()]; return inTurn(mysql, { hash, at }, async (session, connection) => { const next',
          `const [hash, at] = [hashOf(id), now()];
           return inTurn(mysql, { hash, at: 0 }, async (session, connection) => {
             const next`,
        ],
        ["'PX', session.endsAt - now);", "'PX', Math.max(1, session.endsAt - now));"],
      ],
    },
    {
      name: 'keeps-the-id',
      fails: ['11.rotate.new-id'],
      why: 'Fixation: new rights under the old id.',
      edits: [
        ['const next = newId();', 'const next = id;'],
        [
          'await markEnded(redis, hash, session, at); await keep(redis, hashOf(next), fresh, at);',
          'await keep(redis, hashOf(next), fresh, at);',
        ],
      ],
    },
    {
      name: 'old-id-lives-in-redis',
      fails: ['11.rotate.new-id'],
      why: 'The old id is a session still, until Redis forgets it.',
      edits: [
        [
          'await markEnded(redis, hash, session, at); await keep(redis, hashOf(next)',
          'await keep(redis, hashOf(next)',
        ],
      ],
    },
    {
      name: 'role-in-redis-alone',
      fails: ['11.rotate.new-id'],
      why: 'MySQL holds the old role.',
      edits: [
        [
          "'UPDATE sessions SET id_hash = ?, role = ?, expires_at = ? WHERE id_hash = ?', [ hashOf(next), role,",
          `'UPDATE sessions SET id_hash = ?, role = ?, expires_at = ? WHERE id_hash = ?', [
            hashOf(next),
            session.role,`,
        ],
      ],
    },
    {
      name: 'does-not-slide-at-rotate',
      fails: ['11.rotate.new-id'],
      why: 'A change of rights is no use.',
      edits: [
        [
          'const fresh = { ...session, role, expiresAt: slidTo(session, at + idleMs) };',
          'const fresh = { ...session, role };',
        ],
      ],
    },
    {
      name: 'a-new-log-in',
      fails: ['11.rotate.new-id'],
      why: 'createdAt begins anew.',
      edits: [['const fresh = { ...session, role,', 'const fresh = { ...session, createdAt: at, role,']],
    },
    {
      name: 'rotates-for-ever',
      fails: ['11.rotate.ends'],
      why: 'A new id has a new sliding end, beyond the absolute one.',
      edits: [
        [
          'await keep(redis, hashOf(next), fresh, at);',
          'await keep(redis, hashOf(next), { ...fresh, expiresAt: at + idleMs }, at);',
        ],
      ],
    },
    {
      name: 'ends-in-mysql-alone',
      fails: ['11.end.one'],
      why: 'Redis lets it in until it forgets it.',
      edits: [
        [
          "await connection.query('DELETE FROM sessions WHERE id_hash = ?', [hash]); await markEnded(redis, hash, session, at);",
          "await connection.query('DELETE FROM sessions WHERE id_hash = ?', [hash]); await redis.ping();",
        ],
      ],
    },
    {
      name: 'ends-in-redis-alone',
      fails: ['11.end.one'],
      why: 'A restart of Redis brings it back.',
      edits: [
        [
          "await connection.query('DELETE FROM sessions WHERE id_hash = ?', [hash]); await markEnded(redis",
          'await markEnded(redis',
        ],
      ],
    },
    {
      name: 'unknown-is-an-error',
      fails: ['11.end.one'],
      why: 'A second log-out throws.',
      edits: [
        [
          'await endByHash(ctx, hashOf(id));',
          "if (!(await endByHash(ctx, hashOf(id)))) throw new Error('No such session');",
        ],
      ],
    },
    {
      name: 'one-out-all-out',
      fails: ['11.end.one'],
      why: "A log-out ends all of the player's sessions.",
      edits: [
        [
          "await connection.query('DELETE FROM sessions WHERE id_hash = ?', [hash]); await markEnded(redis, hash, session, at);",
          `const [all] = await connection.query<RowDataPacket[]>('SELECT id_hash FROM sessions WHERE player_id = ?', [session.playerId]);
           for (const { id_hash } of all) await markEnded(redis, id_hash, session, at);
           await connection.query('DELETE FROM sessions WHERE player_id = ?', [session.playerId]);`,
        ],
      ],
    },
    {
      name: 'ends-everybody',
      fails: ['11.end.all'],
      why: 'The sessions of other players end too.',
      edits: [
        [
          "'SELECT id_hash FROM sessions WHERE player_id = ? AND expires_at > ?', [playerId, ctx.now()]",
          "'SELECT id_hash FROM sessions WHERE player_id > 0 AND expires_at > ?', [ctx.now()]",
        ],
      ],
    },
    {
      name: 'by-prefix',
      fails: ['11.end.all'],
      why: 'Player 10 is taken for player 1.',
      edits: [
        [
          "'SELECT id_hash FROM sessions WHERE player_id = ? AND expires_at > ?', [playerId, ctx.now()]",
          "'SELECT id_hash FROM sessions WHERE player_id LIKE ? AND expires_at > ?', [`${playerId}%`, ctx.now()]",
        ],
      ],
    },
    {
      name: 'counts-what-was-over',
      fails: ['11.end.all'],
      why: 'Sessions that were over count.',
      edits: [
        [
          'for (let ended = 0; ; ) {',
          `const [over] = await ctx.mysql.query<RowDataPacket[]>(
             'SELECT id_hash FROM sessions WHERE player_id = ? AND expires_at <= ?',
             [playerId, ctx.now()],
           );
           for (let ended = over.length; ; ) {`,
        ],
      ],
    },
    {
      name: 'all-but-one',
      fails: ['11.end.all'],
      why: 'Leaves the newest.',
      edits: [
        ['if (rows.length === 0) return ended;', 'if (rows.length <= 1) return ended;'],
        ['for (const { id_hash } of rows)', 'for (const { id_hash } of rows.slice(1))'],
      ],
    },
    {
      name: 'newest-first',
      fails: ['11.list.alive'],
      why: 'The list is the other way round.',
      edits: [['ORDER BY created_at`', 'ORDER BY created_at DESC`']],
    },
    {
      name: 'no-order',
      fails: ['11.list.alive'],
      why: 'In the order of the hashes.',
      edits: [['ORDER BY created_at`', 'ORDER BY expires_at`']],
    },
    {
      name: 'lists-what-is-over',
      fails: ['11.list.alive'],
      why: 'What is over stands in the list.',
      edits: [
        [
          'WHERE player_id = ? AND expires_at > ? ORDER BY created_at`, [playerId, now()]',
          'WHERE player_id = ? ORDER BY created_at`, [playerId]',
        ],
        [
          'export async function listSessions({ mysql, now }: Ctx',
          'export async function listSessions({ mysql }: Ctx',
        ],
      ],
    },
    {
      name: 'lists-hashes',
      fails: ['11.list.alive'],
      why: 'The list gives away what stands in Redis.',
      edits: [
        [
          '`SELECT ${COLUMNS} FROM sessions WHERE player_id = ?',
          '`SELECT id_hash AS id, ${COLUMNS} FROM sessions WHERE player_id = ?',
        ],
      ],
    },
    {
      name: 'rows-stay',
      fails: ['11.list.forgets'],
      why: 'Rows that are over stay for ever.',
      edits: [
        [
          "for (const { id_hash } of over) await mysql.query('DELETE FROM sessions WHERE id_hash = ?', [id_hash]);",
          "if (over.length < 0) return '';",
        ],
      ],
    },
    {
      name: 'one-row-goes',
      fails: ['11.list.forgets'],
      why: 'Of the rows that are over one goes.',
      edits: [['for (const { id_hash } of over)', 'for (const { id_hash } of over.slice(0, 1))']],
    },
    {
      name: 'one-ms-too-long',
      fails: ['11.list.forgets'],
      why: 'What is over in this very ms stays.',
      edits: [['player_id = ? AND expires_at <= ?', 'player_id = ? AND expires_at < ?']],
    },
    {
      name: 'mark-for-ever',
      fails: ['11.keys.expire'],
      why: 'What says that a session ended never goes.',
      edits: [
        [
          "redis.set(keyOf(hash), ENDED, 'PX', session.endsAt - now)",
          'redis.set(keyOf(hash), now < session.endsAt ? ENDED : ENDED)',
        ],
      ],
    },
    {
      name: 'kept-for-ever',
      fails: ['11.keys.expire'],
      why: 'A session that was found in MySQL never leaves Redis.',
      edits: [["JSON.stringify(row), 'PX', row.expiresAt - at, 'NX'", "JSON.stringify(row), 'NX'"]],
    },
    {
      name: 'seconds-for-ms',
      fails: ['11.keys.expire'],
      why: 'EX with ms: a key lives a thousand times as long.',
      edits: [
        [
          "JSON.stringify(session), 'PX', session.expiresAt - now",
          "JSON.stringify(session), 'EX', session.expiresAt - now",
        ],
      ],
    },
    {
      name: 'another-name',
      fails: ['11.keys.expire'],
      why: 'Keys have names of another kind.',
      edits: [['`sid:${hash}`', '`session:${hash}`']],
    },
    {
      name: 'never-keeps',
      fails: ['11.restart.stays'],
      why: 'After a restart each read asks MySQL.',
      edits: [["await redis.set(keyOf(hash), JSON.stringify(row), 'PX', row.expiresAt - at, 'NX');", '']],
    },
    {
      name: 'redis-alone',
      fails: ['11.restart.stays'],
      why: 'What Redis has lost is lost.',
      edits: [['if (!row) return null;', 'if (!row || row) return null;']],
    },
    {
      name: 'ends-what-redis-has',
      fails: ['11.restart.stays'],
      why: 'A use counts only where Redis holds the session.',
      edits: [
        [
          'const slid = { ...session, expiresAt: slidTo(session, at + idleMs) };',
          `if (!(await redis.exists(keyOf(hash)))) return null;
           const slid = { ...session, expiresAt: slidTo(session, at + idleMs) };`,
        ],
      ],
    },
    {
      name: 'away-is-nobody',
      fails: ['11.away.error'],
      why: 'An outage throws everybody out.',
      edits: [
        [
          'const text = await redis.get(keyOf(hash));',
          `const text = await redis.get(keyOf(hash)).catch(() => ENDED);`,
        ],
      ],
    },
    {
      name: 'away-asks-mysql',
      fails: ['11.away.error'],
      why: 'An outage sends every request to MySQL.',
      edits: [
        [
          'const text = await redis.get(keyOf(hash));',
          'const text = await redis.get(keyOf(hash)).catch(() => null);',
        ],
        ["'PX', row.expiresAt - at, 'NX');", "'PX', row.expiresAt - at, 'NX').catch(() => {});"],
      ],
    },
    {
      name: 'commits-first',
      fails: ['11.away.error'],
      why: 'The row is there, and the log-in failed.',
      edits: [
        [
          'await keep(redis, hashOf(id), session, at); });',
          '}); await keep(redis, hashOf(id), session, at);',
        ],
      ],
    },
    {
      name: 'log-in-without-redis',
      fails: ['11.away.error'],
      why: 'A log-in that no reader finds while Redis is away.',
      edits: [
        [
          'await keep(redis, hashOf(id), session, at);',
          'await keep(redis, hashOf(id), session, at).catch(() => {});',
        ],
      ],
    },
    {
      name: 'slides-without-redis',
      fails: ['11.away.error'],
      why: 'The use counts, and Redis does not know.',
      edits: [['await keep(redis, hash, slid, at);', 'await keep(redis, hash, slid, at).catch(() => {});']],
    },
    {
      name: 'ends-without-redis',
      fails: ['11.away.error'],
      why: 'A log-out that Redis never hears of.',
      edits: [
        [
          '[hash]); await markEnded(redis, hash, session, at);',
          '[hash]); await markEnded(redis, hash, session, at).catch(() => {});',
        ],
      ],
    },
    {
      name: 'leaks-connections',
      fails: ['11.errors.end'],
      why: 'What fails keeps its connection.',
      edits: [['connection.destroy(); // with its open transaction', "await connection.query('ROLLBACK');"]],
    },
    {
      name: 'redis-first',
      fails: ['11.errors.end'],
      why: 'Redis holds a session that MySQL refused.',
      edits: [
        [
          "await connection.query('INSERT INTO sessions VALUES (?)', [row]); await keep(redis, hashOf(id), session, at);",
          `await keep(redis, hashOf(id), session, at);
           await connection.query('INSERT INTO sessions VALUES (?)', [row]);`,
        ],
      ],
    },
    {
      name: 'marks-what-it-deleted',
      fails: ['11.end.again'],
      why: 'The row is gone at once: a second call finds none, and tells Redis nothing.',
      edits: [
        [
          "await connection.query('DELETE FROM sessions WHERE id_hash = ?', [hash]); await markEnded(redis, hash, session, at); return true as const; }); };",
          `await connection.query('DELETE FROM sessions WHERE id_hash = ?', [hash]);
           return session;
         }).then(async (session) => {
           if (!session) return null;
           await markEnded(redis, hash, session, at);
           return true as const;
         });
       };`,
        ],
      ],
    },
    {
      name: 'no-turn-at-rotate',
      fails: ['11.once.rotate'],
      why: 'Two read the row, and both give a new id to it.',
      edits: [['`${FIND} FOR UPDATE`', "`${FIND}${hash === '' ? ' FOR UPDATE' : ''}`"]],
    },
    {
      name: 'one-at-a-time',
      fails: ['11.once.log-ins'],
      why: 'Who comes second is refused.',
      edits: [
        [
          'await inTransaction(mysql, async (connection) => { const row',
          `if ((await redis.set(\`sid:busy:\${playerId}\`, '1', 'PX', 200, 'NX')) !== 'OK') throw new Error('Busy');
           await inTransaction(mysql, async (connection) => {
             const row`,
        ],
        [
          'await keep(redis, hashOf(id), session, at); });',
          `await keep(redis, hashOf(id), session, at);
         }).finally(() => redis.del(\`sid:busy:\${playerId}\`).catch(() => {}));`,
        ],
      ],
    },
    {
      name: 'makes-shorter',
      fails: ['11.slide.never-back'],
      why: 'Whoever slides last decides.',
      edits: [
        ['Math.max(expiresAt, Math.min(wanted, endsAt))', 'expiresAt < 0 ? 0 : Math.min(wanted, endsAt)'],
      ],
    },
    {
      name: 'del-is-no-mark',
      fails: ['11.end.reader'],
      why: 'Nothing stands in the way of who loaded it before.',
      edits: [
        [
          "redis.set(keyOf(hash), ENDED, 'PX', session.endsAt - now)",
          'redis.del(keyOf(hash)).then(() => session.endsAt - now)',
        ],
      ],
    },
    {
      name: 'writes-over-the-mark',
      fails: ['11.end.reader'],
      why: 'A reader keeps what it loaded, whatever stands there.',
      edits: [["'PX', row.expiresAt - at, 'NX'", "'PX', row.expiresAt - at"]],
    },
    {
      name: 'mark-of-a-second',
      fails: ['11.end.reader'],
      why: 'The mark is gone before the reader comes.',
      edits: [["ENDED, 'PX', session.endsAt - now", "ENDED, 'PX', session.endsAt < now ? 2 : 1"]],
    },
    {
      name: 'slides-after-commit',
      fails: ['11.slide.overtaken'],
      why: 'The turn is over before Redis is written.',
      edits: [
        [
          'await keep(redis, hash, slid, at); return slid; });',
          `return slid;
         }).then(async (slid) => {
           if (slid) await keep(redis, hash, slid, at);
           return slid;
         });`,
        ],
      ],
    },
    {
      name: 'looks-once',
      fails: ['11.end.rotating'],
      why: 'What gets a new id meanwhile is not looked for.',
      edits: [
        [
          'if (await endByHash(ctx, id_hash)) ended++; }',
          `if (await endByHash(ctx, id_hash)) ended++;
           return ended;
         }`,
        ],
      ],
    },
    {
      name: 'rotates-after-commit',
      fails: ['11.end.rotating'],
      why: 'The turn is over before Redis has the new id.',
      edits: [
        [
          'await markEnded(redis, hash, session, at); await keep(redis, hashOf(next), fresh, at); return next; });',
          `return { next, fresh, session };
         }).then(async (done) => {
           if (!done) return null;
           await markEnded(redis, hash, done.session, at);
           await keep(redis, hashOf(done.next), done.fresh, at);
           return done.next;
         });`,
        ],
      ],
    },
  ],
};
