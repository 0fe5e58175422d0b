import type { WrongSolutions } from '../../kit/prove/kept/wrong-solutions.ts';

export const wrong: WrongSolutions = {
  base: 'test/right/07-write-through/keep-newest.ts',
  solutions: [
    {
      name: 'compares-texts',
      fails: ['07.race.saves', '07.race.fill'],
      why: 'Compares versions as texts, for which 9 comes after 10.',
      edits: [
        ['tonumber(held.version) or 0', "tostring(held.version or '') or ''"],
        ['if version > tonumber(ARGV[2])', 'if version > ARGV[2]'],
      ],
    },
    {
      name: 'whole-seconds',
      fails: ['07.save.ttl', '07.read.miss'],
      why: 'Makes whole seconds of ttlMs: 45.999 s become 45, and 0.7 s are refused.',
      edits: [['profile.version, ttlMs);', 'profile.version, Math.floor(ttlMs / 1000) * 1000);']],
    },
    {
      name: 'returns-as-given',
      fails: ['07.save.as-held'],
      why: 'Caches what MySQL made of the level, and returns what it was given.',
      edits: [
        ['if (!Number.isInteger(level)) throw new RangeError(`Level ${level} is not whole`);', ''],
        [
          `const profile = await write(mysql, change);
           await keep(redis, profile, ttlMs).catch(() => {});`,
          `const profile = await write(mysql, change);
           const row = await load(mysql, change.playerId);
           await keep(redis, { ...profile, level: row!.level }, ttlMs).catch(() => {});`,
        ],
      ],
    },
    {
      name: 'nobody-over-a-profile',
      fails: ['07.race.nobody'],
      why: 'Keeps that there is no such player over whatever stands there by then.',
      edits: [
        [
          'held = profileIn(await redis.get(keyOf(playerId)).catch(() => null));',
          `text = await redis.get(keyOf(playerId)).catch(() => null);
           if (text === 'null') return null;
           const held = profileIn(text);`,
        ],
        [
          'if (!profile) return null;',
          `if (!profile) {
             await redis.set(keyOf(playerId), 'null', 'PX', ttlMs).catch(() => {});
             return null;
           }`,
        ],
      ],
    },
    {
      name: 'remembers-nobody',
      fails: ['07.read.missing'],
      why: 'Remembers in its process that there is no such player, and that for ever.',
      edits: [
        [
          'const keyOf = (playerId: number) => `player:profile:${playerId}`;',
          `const nobody = new Set<number>();
           const keyOf = (playerId: number) => \`player:profile:\${playerId}\`;`,
        ],
        ['if (held) return held;', 'if (held) return held; if (nobody.has(playerId)) return null;'],
        ['if (!profile) return null;', 'if (!profile) nobody.add(playerId); if (!profile) return null;'],
      ],
    },
    {
      name: 'loses-its-connection',
      fails: ['07.refused.connections'],
      why: 'Gives the connection back to the pool where the write went well, and only there.',
      edits: [
        [
          'const [result] = await mysql.query<ResultSetHeader>(sql, [displayName, level, playerId]);',
          `const connection = await mysql.getConnection();
           const [result] = await connection.query<ResultSetHeader>(sql, [displayName, level, playerId]);`,
        ],
        [
          'return { playerId, displayName, level, version: result.insertId };',
          `connection.release();
           return { playerId, displayName, level, version: result.insertId };`,
        ],
      ],
    },
    {
      name: 'loses-a-reader',
      fails: ['07.refused.connections'],
      why: 'A read that finds nobody keeps its connection.',
      edits: [
        [
          'const profile = await load(mysql, playerId);',
          `const connection = await mysql.getConnection();
           const profile = await load(connection as never, playerId);`,
        ],
        [
          'if (!profile) return null;',
          `if (!profile) return null;
           connection.release();`,
        ],
      ],
    },
    {
      name: 'leaves-a-transaction-open',
      fails: ['07.refused.connections'],
      why: 'Gives a connection back with its transaction open where MySQL refuses: the row stays locked.',
      edits: [
        [
          'const [result] = await mysql.query<ResultSetHeader>(sql, [displayName, level, playerId]);',
          `const connection = await mysql.getConnection();
           let result: ResultSetHeader;
           try {
             await connection.beginTransaction();
             [result] = await connection.query<ResultSetHeader>(sql, [displayName, level, playerId]);
             await connection.commit();
           } finally {
             connection.release();
           }`,
        ],
      ],
    },
    {
      name: 'always-asks',
      fails: ['07.read.hit'],
      why: 'Asks MySQL each time, and keeps for nobody.',
      edits: [['if (held) return held;', '']],
    },
    {
      name: 'any-json',
      fails: ['07.read.no-profile'],
      why: 'Whatever can be parsed is a profile.',
      edits: [["typeof value?.version === 'number' ? value : undefined", 'value ?? undefined']],
    },
    {
      name: 'as-given',
      fails: ['07.save.as-held'],
      why: 'Caches what it was given, where MySQL has rounded it.',
      edits: [['if (!Number.isInteger(level)) throw new RangeError(`Level ${level} is not whole`);', '']],
    },
    {
      name: 'as-in-the-document',
      fails: ['07.race.saves', '07.race.fill'],
      why: 'The listing of the document: whoever comes last to the cache wins.',
      edits: [
        [
          `const keepNewest = \`
             local ok, held = pcall(cjson.decode, redis.call('GET', KEYS[1]) or '')
             local version = ok and type(held) == 'table' and tonumber(held.version) or 0
             if version > tonumber(ARGV[2]) then return 0 end
             redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
             return 1\`;`,
          '',
        ],
        [
          'redis.eval(keepNewest, 1, keyOf(profile.playerId), JSON.stringify(profile), profile.version, ttlMs)',
          "redis.set(keyOf(profile.playerId), JSON.stringify(profile), 'PX', ttlMs)",
        ],
      ],
    },
    {
      name: 'asks-for-the-version',
      fails: ['07.read.hit'],
      why: 'Asks MySQL whether the cached version is still the one: then MySQL might as well answer.',
      edits: [
        [
          'if (held) return held;',
          `if (held) {
             const [[row]] = await mysql
               .query<RowDataPacket[]>('SELECT version FROM players WHERE id = ?', [playerId])
               .catch(() => [[held]] as never);
             if (row?.version === held.version) return held;
           }`,
        ],
      ],
    },
    {
      name: 'before-commit',
      fails: ['07.order.commit-first'],
      why: 'Writes to the cache inside the transaction, before it is committed.',
      edits: [
        [
          "{ playerId, displayName, level }: Omit<Profile, 'version'>",
          `{ playerId, displayName, level }: Omit<Profile, 'version'>,
           then: (profile: Profile) => Promise<void>`,
        ],
        [
          `if (!Number.isInteger(level)) throw new RangeError(\`Level \${level} is not whole\`);
           const sql =
             'UPDATE players SET display_name = ?, level = ?, version = LAST_INSERT_ID(version + 1) WHERE id = ?';
           const [result] = await mysql.query<ResultSetHeader>(sql, [displayName, level, playerId]);
           if (result.affectedRows === 0) throw noSuchPlayer(playerId);
           return { playerId, displayName, level, version: result.insertId };`,
          `const connection = await mysql.getConnection();
           try {
             await connection.beginTransaction();
             const sql = 'UPDATE players SET display_name = ?, level = ?, version = version + 1 WHERE id = ?';
             const [result] = await connection.query<ResultSetHeader>(sql, [displayName, level, playerId]);
             if (result.affectedRows === 0) throw noSuchPlayer(playerId);
             const [[row]] = await connection.query<RowDataPacket[]>(
               'SELECT id AS playerId, display_name AS displayName, level, version FROM players WHERE id = ?',
               [playerId],
             );
             await then({ ...row } as Profile);
             await connection.commit();
             return { ...row } as Profile;
           } catch (error) {
             await connection.rollback().catch(() => {});
             throw error;
           } finally {
             connection.release();
           }`,
        ],
        [
          `const profile = await write(mysql, change);
           await keep(redis, profile, ttlMs).catch(() => {});
           return profile;`,
          'return write(mysql, change, (profile) => keep(redis, profile, ttlMs).catch(() => {}));',
        ],
      ],
    },
    {
      name: 'by-pattern',
      fails: ['07.save.cache'],
      why: 'Clears away by a pattern that fits other players too.',
      edits: [
        [
          `const profile = await write(mysql, change);
           await keep(redis, profile, ttlMs).catch(() => {});`,
          `const profile = await write(mysql, change);
           try {
             const others = (await redis.keys('player:profile:*')).filter((key) => key !== keyOf(profile.playerId));
             if (others.length > 0) await redis.del(...others);
             await keep(redis, profile, ttlMs);
           } catch {}`,
        ],
      ],
    },
    {
      name: 'cache-alone',
      fails: ['07.save.row', '07.save.returns'],
      why: 'Writes to the cache, and to MySQL never.',
      edits: [
        [
          'profile = await write(mysql, change);',
          `before = await load(mysql, change.playerId);
           if (!before) throw noSuchPlayer(change.playerId);
           const profile = { ...change, version: before.version + 1 };`,
        ],
      ],
    },
    {
      name: 'cache-first',
      fails: ['07.refused.level', '07.order.commit-first'],
      why: 'Writes to the cache first: MySQL may refuse, and the cache shows it all the same.',
      edits: [
        [
          'const profile = await write(mysql, change);',
          `const before = await load(mysql, change.playerId);
           if (!before) throw noSuchPlayer(change.playerId);
           await keep(redis, { ...change, version: before.version + 1 }, ttlMs).catch(() => {});
           const profile = await write(mysql, change);`,
        ],
      ],
    },
    {
      name: 'cache-must-work',
      fails: ['07.down.away', '07.down.refuses'],
      why: 'The write has happened, and the caller hears that it failed.',
      edits: [
        [
          `const profile = await write(mysql, change);
           await keep(redis, profile, ttlMs).catch(() => {});`,
          `const profile = await write(mysql, change);
           await keep(redis, profile, ttlMs);`,
        ],
      ],
    },
    {
      name: 'compares-in-two-steps',
      fails: ['07.race.saves'],
      why: 'Looks whether a later version is there, and writes in a second command.',
      edits: [
        [
          `const keepNewest = \`
             local ok, held = pcall(cjson.decode, redis.call('GET', KEYS[1]) or '')
             local version = ok and type(held) == 'table' and tonumber(held.version) or 0
             if version > tonumber(ARGV[2]) then return 0 end
             redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
             return 1\`;`,
          '',
        ],
        [
          'async function keep(redis: Redis, profile: Profile, ttlMs: number): Promise<void> {',
          `async function keep(redis: Redis, profile: Profile, ttlMs: number): Promise<void> {
             const held = profileIn(await redis.get(keyOf(profile.playerId)));
             if (held && held.version > profile.version) return;`,
        ],
        [
          'redis.eval(keepNewest, 1, keyOf(profile.playerId), JSON.stringify(profile), profile.version, ttlMs)',
          "redis.set(keyOf(profile.playerId), JSON.stringify(profile), 'PX', ttlMs)",
        ],
      ],
    },
    {
      name: 'counter-without-end',
      fails: ['07.save.ttl'],
      why: 'Counts saves under a key that never expires.',
      edits: [
        [
          'if version > tonumber(ARGV[2]) then return 0 end',
          `if version > tonumber(ARGV[2]) then return 0 end
           redis.call('INCR', KEYS[1] .. ':saves')`,
        ],
      ],
    },
    {
      name: 'counts-itself',
      fails: ['07.race.versions'],
      why: 'Reads the version, adds one, writes it: two at once write the same.',
      edits: [
        [
          `const sql =
             'UPDATE players SET display_name = ?, level = ?, version = LAST_INSERT_ID(version + 1) WHERE id = ?';
           const [result] = await mysql.query<ResultSetHeader>(sql, [displayName, level, playerId]);`,
          'const before = await load(mysql, playerId);',
        ],
        [
          'if (result.affectedRows === 0) throw noSuchPlayer(playerId);',
          `if (!before) throw noSuchPlayer(playerId);
           const version = before.version + 1;
           await mysql.query('UPDATE players SET display_name = ?, level = ?, version = ? WHERE id = ?', [
             displayName,
             level,
             version,
             playerId,
           ]);`,
        ],
        ['version: result.insertId', 'version'],
      ],
    },
    {
      name: 'deletes-first',
      fails: ['07.refused.level'],
      why: 'Empties the cache before MySQL has said yes: whoever is refused empties it for all.',
      edits: [
        [
          'const profile = await write(mysql, change);',
          `await redis.del(keyOf(change.playerId)).catch(() => {});
           const profile = await write(mysql, change);`,
        ],
      ],
    },
    {
      name: 'deletes-on-error',
      fails: ['07.refused.name', '07.down.mysql'],
      why: 'Deletes the cached profile where MySQL refuses.',
      edits: [
        [
          `const profile = await write(mysql, change);
           await keep(redis, profile, ttlMs).catch(() => {});
           return profile;`,
          `try {
             const profile = await write(mysql, change);
             await keep(redis, profile, ttlMs).catch(() => {});
             return profile;
           } catch (error) {
             if (!(error instanceof RangeError)) await redis.del(keyOf(change.playerId)).catch(() => {});
             throw error;
           }`,
        ],
      ],
    },
    {
      name: 'error-as-nobody',
      fails: ['07.down.mysql'],
      why: 'Tells a player that there is no such player when MySQL has gone away.',
      edits: [['load(mysql, playerId)', 'load(mysql, playerId).catch(() => undefined)']],
    },
    {
      name: 'error-of-its-own',
      fails: ['07.refused.level', '07.refused.name'],
      why: 'Wraps the error of MySQL, and its code is lost.',
      edits: [
        [
          'mysql.query<ResultSetHeader>(sql, [displayName, level, playerId])',
          `mysql
             .query<ResultSetHeader>(sql, [displayName, level, playerId])
             .catch((error: Error) => {
               throw new Error(\`The profile could not be saved: \${error.message}\`);
             })`,
        ],
      ],
    },
    {
      name: 'every-row',
      fails: ['07.save.row'],
      why: 'Writes the version of all players: the WHERE comes too late.',
      edits: [
        [
          'if (result.affectedRows === 0) throw noSuchPlayer(playerId);',
          `if (result.affectedRows === 0) throw noSuchPlayer(playerId);
           await mysql.query('UPDATE players SET level = level + 1 WHERE id <> ? AND level < 100', [playerId]);`,
        ],
      ],
    },
    {
      name: 'exists-first',
      fails: ['07.read.hit'],
      why: 'Asks whether the key is there before it reads it.',
      edits: [
        [
          'await redis.get(keyOf(playerId)).catch(() => null)',
          `(await redis.exists(keyOf(playerId)).catch(() => 0))
             ? await redis.get(keyOf(playerId)).catch(() => null)
             : null`,
        ],
      ],
    },
    {
      name: 'fill-must-work',
      fails: ['07.down.refuses'],
      why: 'A read that cannot keep what it has read is an error.',
      edits: [
        [
          'const held = profileIn(await redis.get(keyOf(playerId)).catch(() => null));',
          `await redis.expire(\`\${keyOf(playerId)}:seen\`, 60);
           const held = profileIn(await redis.get(keyOf(playerId)).catch(() => null));`,
        ],
        [
          `if (!profile) return null;
           await keep(redis, profile, ttlMs).catch(() => {});`,
          `if (!profile) return null;
           await keep(redis, profile, ttlMs);`,
        ],
      ],
    },
    {
      name: 'fills-after-a-look',
      fails: ['07.race.fill'],
      why: 'A reader looks again before it keeps what it has read: in two steps.',
      edits: [
        [
          `if (!profile) return null;
           await keep(redis, profile, ttlMs).catch(() => {});`,
          `if (!profile) return null;
           try {
             if (!profileIn(await redis.get(keyOf(playerId))))
               await redis.set(keyOf(playerId), JSON.stringify(profile), 'PX', ttlMs);
           } catch {}`,
        ],
      ],
    },
    {
      name: 'fills-blindly',
      fails: ['07.race.fill'],
      why: 'A reader keeps what it has read, whatever is there by now.',
      edits: [
        [
          `if (!profile) return null;
           await keep(redis, profile, ttlMs).catch(() => {});`,
          `if (!profile) return null;
           await redis.set(keyOf(playerId), JSON.stringify(profile), 'PX', ttlMs).catch(() => {});`,
        ],
      ],
    },
    {
      name: 'ghost',
      fails: ['07.refused.missing'],
      why: 'Does not look at how many rows were changed.',
      edits: [['if (result.affectedRows === 0) throw noSuchPlayer(playerId);', '']],
    },
    {
      name: 'keeps-ttl',
      fails: ['07.save.ttl'],
      why: 'An overwritten profile keeps the time to live of the older one.',
      edits: [
        [
          'if version > tonumber(ARGV[2]) then return 0 end',
          `if version > tonumber(ARGV[2]) then return 0 end
           if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('SET', KEYS[1], ARGV[1], 'KEEPTTL') return 1 end`,
        ],
      ],
    },
    {
      name: 'kept-for-a-minute',
      fails: ['07.read.miss'],
      why: 'Keeps what was loaded for a time of its own.',
      edits: [
        [
          `if (!profile) return null;
           await keep(redis, profile, ttlMs).catch(() => {});`,
          `if (!profile) return null;
           await keep(redis, profile, Math.min(ttlMs, 60_000)).catch(() => {});`,
        ],
      ],
    },
    {
      name: 'knows-its-own-saves',
      fails: ['07.race.fill'],
      why: 'A reader remembers which versions were saved, in this process.',
      edits: [
        [
          'const keyOf = (playerId: number) => `player:profile:${playerId}`;',
          `/** The latest version that this process has saved. */
           const latest = new Map<number, number>();
           const keyOf = (playerId: number) => \`player:profile:\${playerId}\`;`,
        ],
        [
          'const profile = await write(mysql, change);',
          `const profile = await write(mysql, change);
           latest.set(profile.playerId, profile.version);`,
        ],
        [
          `if (!profile) return null;
           await keep(redis, profile, ttlMs).catch(() => {});`,
          `if (!profile) return null;
           if (profile.version < (latest.get(playerId) ?? 0)) return profile;
           await redis.set(keyOf(playerId), JSON.stringify(profile), 'PX', ttlMs).catch(() => {});`,
        ],
      ],
    },
    {
      name: 'lock-without-end',
      fails: ['07.crash.between', '07.crash.expires'],
      why: 'Takes a lock that never ends: a process killed with it stops all saves.',
      edits: [
        [
          `const profile = await write(mysql, change);
           await keep(redis, profile, ttlMs).catch(() => {});
           return profile;`,
          `const lock = \`\${keyOf(change.playerId)}:lock\`;
           let mine: string | null = null;
           for (let tries = 0; tries < 50 && mine === null; tries++) {
             mine = await redis.set(lock, '1', 'NX').catch(() => 'no Redis, no lock');
             if (mine === null) await new Promise((resolve) => setTimeout(resolve, 5));
           }
           try {
             const profile = await write(mysql, change);
             await keep(redis, profile, ttlMs).catch(() => {});
             return profile;
           } finally {
             await redis.del(lock).catch(() => {});
           }`,
        ],
      ],
    },
    {
      name: 'login-too',
      fails: ['07.save.row'],
      why: 'Takes the display name for the login, and changes both.',
      edits: [
        [
          "'UPDATE players SET display_name = ?, level = ?, version = LAST_INSERT_ID(version + 1) WHERE id = ?'",
          "'UPDATE players SET display_name = ?, login = display_name, level = ?, version = LAST_INSERT_ID(version + 1) WHERE id = ?'",
        ],
      ],
    },
    {
      name: 'looks-around',
      fails: ['07.save.trips'],
      why: 'Asks both servers this and that, one after the other.',
      edits: [
        [
          `const profile = await write(mysql, change);
           await keep(redis, profile, ttlMs).catch(() => {});`,
          `await mysql.query('SELECT 1');
           await load(mysql, change.playerId);
           const profile = await write(mysql, change);
           await load(mysql, change.playerId);
           try {
             await redis.ping();
             await redis.exists(keyOf(profile.playerId));
             await redis.ttl(keyOf(profile.playerId));
             await keep(redis, profile, ttlMs);
             await redis.get(keyOf(profile.playerId));
           } catch {}`,
        ],
      ],
    },
    {
      name: 'looks-itself',
      fails: ['07.refused.name'],
      why: 'Trusts that MySQL refuses nothing but a level, which it looks at itself.',
      edits: [
        [
          'const profile = await write(mysql, change);',
          `const known = await load(mysql, change.playerId);
           if (!known) throw noSuchPlayer(change.playerId);
           if (change.level >= 1 && change.level <= 100 && Number.isInteger(change.level)) {
             const next = { ...change, version: known.version + 1 };
             await keep(redis, next, ttlMs).catch(() => {});
           }
           const profile = await write(mysql, change);`,
        ],
      ],
    },
    {
      name: 'never-keeps',
      fails: ['07.read.miss'],
      why: 'A miss stays one: what was loaded is not kept.',
      edits: [
        [
          `if (!profile) return null;
           await keep(redis, profile, ttlMs).catch(() => {});
           return profile;`,
          'return profile ?? null;',
        ],
      ],
    },
    {
      name: 'no-cache',
      fails: ['07.save.cache', '07.read.hit'],
      why: 'Asks MySQL for everything: nothing is ever out of date, and nothing is cached.',
      edits: [
        [
          `const profile = await write(mysql, change);
           await keep(redis, profile, ttlMs).catch(() => {});
           return profile;`,
          'return write(mysql, change);',
        ],
        [
          `const held = profileIn(await redis.get(keyOf(playerId)).catch(() => null));
           if (held) return held;
           const profile = await load(mysql, playerId);
           if (!profile) return null;
           await keep(redis, profile, ttlMs).catch(() => {});
           return profile;`,
          'return (await load(mysql, playerId)) ?? null;',
        ],
      ],
    },
    {
      name: 'no-ttl',
      fails: ['07.save.ttl'],
      why: 'Nothing ever expires.',
      edits: [["redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])", "redis.call('SET', KEYS[1], ARGV[1])"]],
    },
    {
      name: 'nobody-beside',
      fails: ['07.read.missing'],
      why: 'Keeps that there is no such player under a key of its own, which a save leaves there.',
      edits: [
        [
          'held = profileIn(await redis.get(keyOf(playerId)).catch(() => null));',
          `[text, missing] = await redis
             .mget(keyOf(playerId), \`\${keyOf(playerId)}:missing\`)
             .catch(() => [null, null]);
           if (missing) return null;
           const held = profileIn(text ?? null);`,
        ],
        [
          'if (!profile) return null;',
          `if (!profile) {
             await redis.set(\`\${keyOf(playerId)}:missing\`, '1', 'PX', ttlMs).catch(() => {});
             return null;
           }`,
        ],
      ],
    },
    {
      name: 'nobody-for-ever',
      fails: ['07.read.missing'],
      why: 'Keeps that there is no such player, and that for ever.',
      edits: [
        [
          'held = profileIn(await redis.get(keyOf(playerId)).catch(() => null));',
          `text = await redis.get(keyOf(playerId)).catch(() => null);
           if (text === 'null') return null;
           const held = profileIn(text);`,
        ],
        [
          'if (!profile) return null;',
          `if (!profile) {
             await redis.set(keyOf(playerId), 'null', 'NX').catch(() => {});
             return null;
           }`,
        ],
      ],
    },
    {
      name: 'null-for-nobody',
      fails: ['07.refused.missing'],
      why: 'Resolves to null where there is no such player.',
      edits: [
        [
          `const profile = await write(mysql, change);
           await keep(redis, profile, ttlMs).catch(() => {});
           return profile;`,
          `try {
             const profile = await write(mysql, change);
             await keep(redis, profile, ttlMs).catch(() => {});
             return profile;
           } catch (error) {
             if ((error as Error).name === 'NoSuchPlayer') return null as never;
             throw error;
           }`,
        ],
      ],
    },
    {
      name: 'older-for-ever',
      fails: ['07.down.refuses'],
      why: 'Takes the end from the cached profile when it could not be replaced.',
      edits: [
        [
          'if (held) return held;',
          `if (held) {
             await redis.persist(keyOf(playerId)).catch(() => {});
             return held;
           }`,
        ],
      ],
    },
    {
      name: 'older-version',
      fails: ['07.save.returns'],
      why: 'Returns and caches the version from before the write.',
      edits: [['version: result.insertId', 'version: result.insertId - 1']],
    },
    {
      name: 'one-cache-for-all',
      fails: ['07.save.cache'],
      why: 'All profiles under one key.',
      edits: [['(playerId: number) => `player:profile:${playerId}`', "(_: number) => 'player:profile:all'"]],
    },
    {
      name: 'one-process',
      fails: ['07.race.saves'],
      why: 'Lets one save after the other run, in this process; others know nothing of it.',
      edits: [
        [
          'const keyOf = (playerId: number) => `player:profile:${playerId}`;',
          `/** The last save of each player. */
           const saving = new Map<number, Promise<unknown>>();
           const keyOf = (playerId: number) => \`player:profile:\${playerId}\`;`,
        ],
        [
          `const keepNewest = \`
             local ok, held = pcall(cjson.decode, redis.call('GET', KEYS[1]) or '')
             local version = ok and type(held) == 'table' and tonumber(held.version) or 0
             if version > tonumber(ARGV[2]) then return 0 end
             redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
             return 1\`;`,
          '',
        ],
        [
          'redis.eval(keepNewest, 1, keyOf(profile.playerId), JSON.stringify(profile), profile.version, ttlMs)',
          "redis.set(keyOf(profile.playerId), JSON.stringify(profile), 'PX', ttlMs)",
        ],
        [
          `const profile = await write(mysql, change);
           await keep(redis, profile, ttlMs).catch(() => {});
           return profile;`,
          `const before = saving.get(change.playerId) ?? Promise.resolve();
           const run = before
             .catch(() => {})
             .then(async () => {
               const profile = await write(mysql, change);
               await keep(redis, profile, ttlMs).catch(() => {});
               return profile;
             });
           saving.set(change.playerId, run);
           return run;`,
        ],
      ],
    },
    {
      name: 'only-deletes',
      fails: ['07.save.cache'],
      why: 'Invalidates in place of writing through: the next reader pays for a miss.',
      edits: [
        [
          `const profile = await write(mysql, change);
           await keep(redis, profile, ttlMs).catch(() => {});`,
          `const profile = await write(mysql, change);
           await redis.del(keyOf(profile.playerId)).catch(() => {});`,
        ],
      ],
    },
    {
      name: 'only-refusals',
      fails: ['07.down.away'],
      why: 'Forgives what Redis answers, and not that it does not answer.',
      edits: [
        [
          `const profile = await write(mysql, change);
           await keep(redis, profile, ttlMs).catch(() => {});`,
          `const profile = await write(mysql, change);
           await keep(redis, profile, ttlMs).catch((error: Error) => {
             if (error.name !== 'ReplyError') throw error;
           });`,
        ],
      ],
    },
    {
      name: 'parse-throws',
      fails: ['07.read.no-profile'],
      why: 'Trusts that what stands there can be parsed.',
      edits: [
        [
          `function profileIn(text: string | null): Profile | undefined {
             try {
               const value = JSON.parse(text ?? '');
               return typeof value?.version === 'number' ? value : undefined;
             } catch {
               return undefined;
             }
           }`,
          `const profileIn = (text: string | null): Profile | undefined =>
             text === null ? undefined : JSON.parse(text);`,
        ],
      ],
    },
    {
      name: 'read-needs-redis',
      fails: ['07.down.away', '07.down.reads'],
      why: 'A read without Redis is an error.',
      edits: [['redis.get(keyOf(playerId)).catch(() => null)', 'redis.get(keyOf(playerId))']],
    },
    {
      name: 'refuses-late',
      fails: ['07.save.as-held'],
      why: 'Refuses a level that is not whole after it was written.',
      edits: [
        ['if (!Number.isInteger(level)) throw new RangeError(`Level ${level} is not whole`);', ''],
        [
          'if (result.affectedRows === 0) throw noSuchPlayer(playerId);',
          `if (result.affectedRows === 0) throw noSuchPlayer(playerId);
           if (!Number.isInteger(level)) throw new RangeError(\`Level \${level} is not whole\`);`,
        ],
      ],
    },
    {
      name: 'renews',
      fails: ['07.read.no-renewal'],
      why: 'Each hit makes the profile live longer.',
      edits: [['redis.get(keyOf(playerId))', "redis.getex(keyOf(playerId), 'PX', ttlMs)"]],
    },
    {
      name: 'save-fails-in-silence',
      fails: ['07.down.mysql'],
      why: 'Where MySQL does not answer the save looks like one that worked.',
      edits: [
        [
          'const profile = await write(mysql, change);',
          `const profile = await write(mysql, change).catch((error: Error & { errno?: number; sqlState?: string }) => {
             if (error.sqlState || error.name === 'NoSuchPlayer' || error.name === 'RangeError') throw error;
             return undefined;
           });
           if (!profile) return { ...change, version: 0 };`,
        ],
      ],
    },
    {
      name: 'script-trusts',
      fails: ['07.read.no-profile'],
      why: 'The script fails on what it cannot parse, and that stays for ever.',
      edits: [
        [
          `local ok, held = pcall(cjson.decode, redis.call('GET', KEYS[1]) or '')
           local version = ok and type(held) == 'table' and tonumber(held.version) or 0`,
          `local text = redis.call('GET', KEYS[1])
           local version = text and tonumber(cjson.decode(text).version) or 0`,
        ],
      ],
    },
    {
      name: 'seconds',
      fails: ['07.save.ttl'],
      why: 'Takes ttlMs for seconds.',
      edits: [
        [
          "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])",
          "redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])",
        ],
      ],
    },
    {
      name: 'set-then-expire',
      fails: ['07.crash.expires'],
      why: 'Writes, and says the time to live in a second command.',
      edits: [
        ["redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])", "redis.call('SET', KEYS[1], ARGV[1])"],
        [
          'await redis.eval(keepNewest, 1, keyOf(profile.playerId), JSON.stringify(profile), profile.version, ttlMs);',
          `await redis.eval(keepNewest, 1, keyOf(profile.playerId), JSON.stringify(profile), profile.version, ttlMs);
           await redis.pexpire(keyOf(profile.playerId), ttlMs);`,
        ],
      ],
    },
    {
      name: 'simultaneously',
      fails: ['07.refused.level', '07.order.commit-first'],
      why: 'Takes the document at its word: both at once.',
      edits: [
        [
          `const profile = await write(mysql, change);
           await keep(redis, profile, ttlMs).catch(() => {});`,
          `const before = await load(mysql, change.playerId);
           if (!before) throw noSuchPlayer(change.playerId);
           const next = { ...change, version: before.version + 1 };
           const [profile] = await Promise.all([write(mysql, change), keep(redis, next, ttlMs).catch(() => {})]);`,
        ],
      ],
    },
    {
      name: 'undefined-for-nobody',
      fails: ['07.read.missing'],
      why: 'There is no such player: undefined is not null.',
      edits: [['if (!profile) return null;', 'if (!profile) return undefined as never;']],
    },
    {
      name: 'undoes',
      fails: ['07.order.commit-first'],
      why: 'Writes to the cache first and puts the older text back where MySQL refuses.',
      edits: [
        [
          `export async function saveProfile(
             { redis, mysql }: Context,
             change: Omit<Profile, 'version'>,
             { ttlMs }: Options,
           ): Promise<Profile> {
             const profile = await write(mysql, change);
             await keep(redis, profile, ttlMs).catch(() => {});
             return profile;
           }`,
          `export async function saveProfile(
             { redis, mysql }: Context,
             change: Omit<Profile, 'version'>,
             { ttlMs }: Options,
           ): Promise<Profile> {
             const before = await load(mysql, change.playerId);
             if (!before) throw noSuchPlayer(change.playerId);
             if (!Number.isInteger(change.level)) throw new RangeError(\`Level \${change.level} is not whole\`);
             const key = keyOf(change.playerId);
             const [older, left] = await Promise.all([redis.get(key), redis.pttl(key)]).catch(() => [null, 0] as const);
             await keep(redis, { ...change, version: before.version + 1 }, ttlMs).catch(() => {});
             try {
               const profile = await write(mysql, change);
               await keep(redis, profile, ttlMs).catch(() => {});
               return profile;
             } catch (error) {
               if (older === null) await redis.del(key).catch(() => {});
               else await redis.set(key, older, 'PX', left).catch(() => {});
               throw error;
             }
           }`,
        ],
      ],
    },
    {
      name: 'update-ignore',
      fails: ['07.refused.name'],
      why: 'UPDATE IGNORE makes a warning of the refusal.',
      edits: [
        [
          "'UPDATE players SET display_name = ?, level = ?, version = LAST_INSERT_ID(version + 1) WHERE id = ?'",
          "'UPDATE IGNORE players SET display_name = ?, level = ?, version = LAST_INSERT_ID(version + 1) WHERE id = ?'",
        ],
      ],
    },
    {
      name: 'upsert',
      fails: ['07.refused.missing'],
      why: 'Makes a player where there is none.',
      edits: [
        [
          'if (result.affectedRows === 0) throw noSuchPlayer(playerId);',
          `if (result.affectedRows === 0) {
             const insert =
               "INSERT INTO players (id, login, display_name, level, version, password_hash) VALUES (?, ?, ?, ?, 1, '')";
             await mysql.query(insert, [playerId, \`player\${playerId}\`, displayName, level]);
             return { playerId, displayName, level, version: 1 };
           }`,
        ],
      ],
    },
    {
      name: 'version-from-cache',
      fails: ['07.save.returns'],
      why: 'Counts on from the version in the cache, which may hold none.',
      edits: [
        [
          `  { ttlMs }: Options,
           ): Promise<Profile> {`,
          `  { ttlMs }: Options,
           ): Promise<Profile> {
             const held = profileIn(await redis.get(keyOf(change.playerId)).catch(() => null));`,
        ],
        [
          'await write(mysql, change)',
          '{ ...(await write(mysql, change)), version: (held?.version ?? 0) + 1 }',
        ],
      ],
    },
    {
      name: 'version-only-if-changed',
      fails: ['07.save.returns'],
      why: 'A write that changes neither name nor level does not count.',
      edits: [
        [
          "'UPDATE players SET display_name = ?, level = ?, version = LAST_INSERT_ID(version + 1) WHERE id = ?';",
          `  'UPDATE players SET display_name = ?, level = ?, version = LAST_INSERT_ID(version + IF(display_name = @name AND level = @level, 0, 1)) WHERE id = ?';
           const [[before]] = await mysql.query<RowDataPacket[]>(
             'SELECT display_name, level, version FROM players WHERE id = ?',
             [playerId],
           );
           if (before && before.display_name === displayName && before.level === level)
             return { playerId, displayName, level, version: before.version };`,
        ],
      ],
    },
    {
      name: 'version-read-later',
      fails: ['07.race.versions'],
      why: 'Asks for the version after the write: it may be that of a later one.',
      edits: [
        [
          "'UPDATE players SET display_name = ?, level = ?, version = LAST_INSERT_ID(version + 1) WHERE id = ?'",
          "'UPDATE players SET display_name = ?, level = ?, version = version + 1 WHERE id = ?'",
        ],
        [
          'return { playerId, displayName, level, version: result.insertId };',
          'return (await load(mysql, playerId))!;',
        ],
      ],
    },
    {
      name: 'watch-on-shared-connection',
      fails: ['07.race.one-process'],
      why: 'WATCH and EXEC on the connection that all share: the EXEC of one ends the WATCH of the other.',
      edits: [
        [
          `const keepNewest = \`
             local ok, held = pcall(cjson.decode, redis.call('GET', KEYS[1]) or '')
             local version = ok and type(held) == 'table' and tonumber(held.version) or 0
             if version > tonumber(ARGV[2]) then return 0 end
             redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
             return 1\`;`,
          '',
        ],
        [
          'await redis.eval(keepNewest, 1, keyOf(profile.playerId), JSON.stringify(profile), profile.version, ttlMs);',
          `const key = keyOf(profile.playerId);
           for (let tries = 0; tries < 10; tries++) {
             await redis.watch(key);
             const held = profileIn(await redis.get(key));
             if (held && held.version > profile.version) {
               await redis.unwatch();
               return;
             }
             if (await redis.multi().set(key, JSON.stringify(profile), 'PX', ttlMs).exec()) return;
           }`,
        ],
      ],
    },
    {
      name: 'without-id',
      fails: ['07.save.cache'],
      why: 'Leaves the player out of the cached profile, since the key says who it is.',
      edits: [
        [
          'async function keep(redis: Redis, profile: Profile, ttlMs: number): Promise<void> {',
          `async function keep(redis: Redis, profile: Profile, ttlMs: number): Promise<void> {
             const { playerId, ...rest } = profile;`,
        ],
        [
          'keepNewest, 1, keyOf(profile.playerId), JSON.stringify(profile), profile.version, ttlMs',
          'keepNewest, 1, keyOf(playerId), JSON.stringify(rest), profile.version, ttlMs',
        ],
        ['if (held) return held;', 'if (held) return { ...held, playerId };'],
      ],
    },
    {
      name: 'any-object',
      fails: ['07.read.no-profile'],
      why: 'Takes any object for a profile, {} too.',
      edits: [
        [
          `typeof value?.version === 'number' ? value : undefined`,
          `typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined`,
        ],
      ],
    },
    {
      name: 'readers-only-add',
      fails: ['07.read.no-profile'],
      why: 'A reader keeps with NX: a text that is no profile stays, and everybody asks MySQL.',
      edits: [
        [
          `if (!profile) return null;
  await keep(redis, profile, ttlMs).catch(() => {});`,
          `if (!profile) return null;
  await redis.set(keyOf(playerId), JSON.stringify(profile), 'PX', ttlMs, 'NX').catch(() => {});`,
        ],
      ],
    },
    {
      name: 'clears-then-adds',
      fails: ['07.race.fill'],
      why: 'A reader deletes what is no profile, and then keeps with NX: it may delete what was saved meanwhile.',
      edits: [
        [
          'const held = profileIn(await redis.get(keyOf(playerId)).catch(() => null));',
          `const text = await redis.get(keyOf(playerId)).catch(() => null);
  const held = profileIn(text);`,
        ],
        [
          `if (!profile) return null;
  await keep(redis, profile, ttlMs).catch(() => {});`,
          `if (!profile) return null;
  if (text !== null) await redis.del(keyOf(playerId)).catch(() => {});
  await redis.set(keyOf(playerId), JSON.stringify(profile), 'PX', ttlMs, 'NX').catch(() => {});`,
        ],
      ],
    },
    {
      name: 'version-of-another-connection',
      fails: ['07.race.versions'],
      why: 'Asks the pool for LAST_INSERT_ID(), which may ask another connection than the one that wrote.',
      edits: [
        [
          'return { playerId, displayName, level, version: result.insertId };',
          `const [[said]] = await mysql.query<RowDataPacket[]>('SELECT LAST_INSERT_ID() AS version');
  return { playerId, displayName, level, version: said!.version };`,
        ],
      ],
    },
    {
      name: 'holds-one-takes-another',
      fails: ['07.race.versions'],
      why: 'Holds a connection while it asks the pool for a second one: ten saves at once wait for one another for ever.',
      edits: [
        [
          'const [result] = await mysql.query<ResultSetHeader>(sql, [displayName, level, playerId]);',
          `const connection = await mysql.getConnection();
  let result: ResultSetHeader;
  try {
    if (!(await load(mysql, playerId))) throw noSuchPlayer(playerId);
    [result] = await connection.query<ResultSetHeader>(sql, [displayName, level, playerId]);
  } finally {
    connection.release();
  }`,
        ],
      ],
    },
    {
      name: 'rounds-itself',
      fails: ['07.save.as-held'],
      why: 'Rounds by itself what MySQL rounds in another way: execute() sends 42.5 as a DOUBLE, which becomes 42.',
      edits: [
        ['if (!Number.isInteger(level)) throw new RangeError(`Level ${level} is not whole`);', ''],
        [
          'const [result] = await mysql.query<ResultSetHeader>(sql, [displayName, level, playerId]);',
          'const [result] = await mysql.execute<ResultSetHeader>(sql, [displayName, level, playerId]);',
        ],
        [
          'return { playerId, displayName, level, version: result.insertId };',
          'return { playerId, displayName, level: Math.round(level), version: result.insertId };',
        ],
      ],
    },
    {
      name: 'cuts-off',
      fails: ['07.save.as-held'],
      why: 'Makes 41 of 41.75, where MySQL makes 42.',
      edits: [
        [
          'if (!Number.isInteger(level)) throw new RangeError(`Level ${level} is not whole`);',
          'level = Math.trunc(level);',
        ],
      ],
    },
    {
      name: 'trims-names',
      fails: ['07.save.cache'],
      why: 'Writes another name than it was given: without the spaces around it.',
      edits: [
        [
          'if (!Number.isInteger(level)) throw new RangeError(`Level ${level} is not whole`);',
          `if (!Number.isInteger(level)) throw new RangeError(\`Level \${level} is not whole\`);
  displayName = displayName.trim();`,
        ],
      ],
    },
    {
      name: 'nobody-comes-back',
      fails: ['07.read.missing'],
      why: 'Keeps "nobody" beside the profile, where it outlives a profile that was saved and is gone again.',
      edits: [
        [
          'if (held) return held;',
          `if (held) return held;
  if (await redis.exists(\`player:nobody:\${playerId}\`).catch(() => 0)) return null;`,
        ],
        [
          'if (!profile) return null;',
          `if (!profile) {
    await redis.set(\`player:nobody:\${playerId}\`, '1', 'PX', ttlMs).catch(() => {});
    return null;
  }`,
        ],
      ],
    },
    {
      name: 'failed-read-stays',
      fails: ['07.down.mysql'],
      why: 'Readers of one player share a query, and one that failed is shared for ever.',
      edits: [
        [
          'const keyOf = (playerId: number) => `player:profile:${playerId}`;',
          `const keyOf = (playerId: number) => \`player:profile:\${playerId}\`;
const reading = new Map<number, Promise<Profile | undefined>>();`,
        ],
        [
          'const profile = await load(mysql, playerId);',
          `const query = reading.get(playerId) ?? load(mysql, playerId);
  reading.set(playerId, query);
  const profile = await query;
  reading.delete(playerId);`,
        ],
      ],
    },
    {
      name: 'one-read-for-all',
      fails: ['07.read.miss'],
      why: 'Who reads while a query is under way gets what that query brings, of whatever player.',
      edits: [
        [
          'const keyOf = (playerId: number) => `player:profile:${playerId}`;',
          `const keyOf = (playerId: number) => \`player:profile:\${playerId}\`;
let reading: Promise<Profile | undefined> | undefined;`,
        ],
        [
          'const profile = await load(mysql, playerId);',
          `reading ??= load(mysql, playerId).finally(() => (reading = undefined));
  const profile = await reading;`,
        ],
      ],
    },
    {
      name: 'swaps-and-repairs',
      fails: ['07.race.saves'],
      why: 'Writes over whatever stands there, and puts it back in a second step where it was later.',
      edits: [
        [
          'await redis.eval(keepNewest, 1, keyOf(profile.playerId), JSON.stringify(profile), profile.version, ttlMs);',
          `for (let mine = profile; ; ) {
    const there = profileIn(await redis.set(keyOf(mine.playerId), JSON.stringify(mine), 'PX', ttlMs, 'GET'));
    if (!there || there.version <= mine.version) return;
    mine = there;
  }`,
        ],
      ],
    },
    {
      name: 'commits-in-silence',
      fails: ['07.down.mysql'],
      why: 'Swallows the error of COMMIT, and caches what was never committed.',
      edits: [
        [
          'const [result] = await mysql.query<ResultSetHeader>(sql, [displayName, level, playerId]);',
          `const connection = await mysql.getConnection();
  let result: ResultSetHeader;
  try {
    await connection.beginTransaction();
    [result] = await connection.query<ResultSetHeader>(sql, [displayName, level, playerId]);
    await connection.commit().catch(() => {});
  } catch (error) {
    await connection.rollback().catch(() => {});
    throw error;
  } finally {
    connection.release();
  }`,
        ],
      ],
    },
    {
      name: 'autocommit-stays-off',
      fails: ['07.refused.connections'],
      why: 'Gives a connection back with autocommit off: a read on it begins a transaction that nobody ends.',
      edits: [
        [
          'const [result] = await mysql.query<ResultSetHeader>(sql, [displayName, level, playerId]);',
          `const connection = await mysql.getConnection();
  let result: ResultSetHeader;
  try {
    await connection.query('SET autocommit = 0');
    [result] = await connection.query<ResultSetHeader>(sql, [displayName, level, playerId]);
    await connection.commit();
  } catch (error) {
    await connection.rollback().catch(() => {});
    throw error;
  } finally {
    connection.release();
  }`,
        ],
      ],
    },
    {
      name: 'no-rollback-for-nobody',
      fails: ['07.refused.connections'],
      why: 'Gives the connection back with its transaction open where there is no such player.',
      edits: [
        [
          'const [result] = await mysql.query<ResultSetHeader>(sql, [displayName, level, playerId]);',
          `const connection = await mysql.getConnection();
  let result: ResultSetHeader;
  try {
    await connection.beginTransaction();
    [result] = await connection.query<ResultSetHeader>(sql, [displayName, level, playerId]);
    if (result.affectedRows > 0) await connection.commit();
  } catch (error) {
    await connection.rollback().catch(() => {});
    throw error;
  } finally {
    connection.release();
  }`,
        ],
      ],
    },
  ],
};
