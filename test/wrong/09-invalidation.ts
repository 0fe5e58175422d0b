import type { WrongSolutions } from '../../kit/prove/kept/wrong-solutions.ts';

export const wrong: WrongSolutions = {
  base: 'answers/09-invalidation.md',
  solutions: [
    {
      name: 'all-at-once',
      fails: ['09.listen.failing'],
      why: 'Does not wait for one event before the next: they overtake one another.',
      edits: [['told.then(() => onEvent(event))', 'onEvent(event)']],
    },
    {
      name: 'all-tags-at-once',
      fails: ['09.race.several'],
      why: 'Refuses only where all tags were invalidated.',
      edits: [
        [
          `for i = 1, n do
             if redis.call('GET', KEYS[1 + i]) ~= ARGV[2 + i] then return 0 end
           end`,
          `local same = 0
           for i = 1, n do
             if redis.call('GET', KEYS[1 + i]) == ARGV[2 + i] then same = same + 1 end
           end
           if same == 0 then return 0 end`,
        ],
      ],
    },
    {
      name: 'any-json',
      fails: ['09.listen.foreign'],
      why: 'Takes whatever is JSON for tags.',
      edits: [
        [
          "return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string') ? tags : undefined;",
          'return (tags as string[]) ?? undefined;',
        ],
      ],
    },
    {
      name: 'any-list',
      fails: ['09.listen.foreign'],
      why: 'Takes a list of numbers for tags.',
      edits: [["Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')", 'Array.isArray(tags)']],
    },
    {
      name: 'as-long-as-the-first',
      fails: ['09.tags.longest'],
      why: 'The list of a tag keeps the time to live that it began with.',
      edits: [
        [
          "if redis.call('PTTL', KEYS[i]) < ttl + 1000 then redis.call('PEXPIRE', KEYS[i], ttl + 1000) end",
          "if redis.call('PTTL', KEYS[i]) < 0 then redis.call('PEXPIRE', KEYS[i], ttl + 1000) end",
        ],
      ],
    },
    {
      name: 'as-long-as-the-last',
      fails: ['09.tags.longest'],
      why: 'The list of a tag gets the time to live of the newest value, and forgets the older, longer ones.',
      edits: [
        [
          "if redis.call('PTTL', KEYS[i]) < ttl + 1000 then redis.call('PEXPIRE', KEYS[i], ttl + 1000) end",
          "redis.call('PEXPIRE', KEYS[i], ttl + 1000)",
        ],
      ],
    },
    {
      name: 'asks-too-late',
      fails: ['09.race.stale'],
      why: 'Looks at the generation when it keeps, in place of the one from before the load: they are always equal.',
      edits: [['JSON.parse(generation)', 'JSON.parse(await readGeneration({ redis }, tags))']],
    },
    {
      name: 'back-without-ears',
      fails: ['09.listen.missed'],
      why: 'Connects again, and does not subscribe again.',
      edits: [
        ['own = redis.duplicate()', 'own = redis.duplicate({ autoResubscribe: false })'],
        ['subscribe().then(() => tell({ missed: true }), () => {})', 'tell({ missed: true })'],
      ],
    },
    {
      name: 'begins-at-one',
      fails: ['09.race.lost'],
      why: 'The first reader writes a 1. After a loss it is a 1 again, and the reader from before the loss is taken for one of the new time.',
      edits: [
        ["import { randomUUID } from 'node:crypto';", ''],
        ['fresh = randomUUID()', "fresh = '1'"],
        [
          "for _, note in ipairs(KEYS) do redis.call('UNLINK', note) end",
          `for i = 1, #KEYS / 2 do
             redis.call('INCR', KEYS[i])
             redis.call('PEXPIRE', KEYS[i], 3600000)
             redis.call('UNLINK', KEYS[#KEYS / 2 + i])
           end`,
        ],
      ],
    },
    {
      name: 'begins-the-generation-last',
      fails: ['09.race.invalidating'],
      why: 'Deletes first and begins the new generation in a second trip: what is kept in between stays.',
      edits: [
        [
          "for _, note in ipairs(KEYS) do redis.call('UNLINK', note) end",
          "for i = #KEYS / 2 + 1, #KEYS do redis.call('UNLINK', KEYS[i]) end",
        ],
        [
          'return (await redis.eval(invalidate, notes.length, ...notes, JSON.stringify(tags))) as number;',
          `const deleted = await redis.eval(invalidate, notes.length, ...notes, JSON.stringify(tags));
           await redis.unlink(tags.map(generationKey));
           return deleted as number;`,
        ],
      ],
    },
    {
      name: 'begins-too-early',
      fails: ['09.listen.begins'],
      why: 'Does not wait for the subscription: what is said in the first moment is missed.',
      edits: [
        [
          `await subscribe();
           own.on('ready', () => subscribe().then(() => tell({ missed: true }), () => {}));`,
          `subscribe().catch(() => {});
           own.once('ready', () =>
             own.on('ready', () =>
               subscribe().then(
                 () => tell({ missed: true }),
                 () => {},
               ),
             ),
           );`,
        ],
      ],
    },
    {
      name: 'begins-twice',
      fails: ['09.listen.begins'],
      why: 'Calls during() again with every message.',
      edits: [
        [
          'await during();',
          `own.on('message', () => during().catch(() => {}));
           await during();`,
        ],
      ],
    },
    {
      name: 'by-prefix',
      fails: ['09.tags.exact', '09.tags.cost'],
      why: 'SCAN for tags that begin like this one: listings:1 takes listings:10 along.',
      edits: [
        [
          'if (tags.length === 0) return 0;',
          `if (tags.length === 0) return 0;
           const found = new Set(tags);
           for (const tag of tags) {
             let cursor = '0';
             do {
               const [next, page] = await redis.scan(cursor, 'MATCH', \`\${membersKey(tag)}*\`, 'COUNT', 1000);
               for (const key of page) found.add(key.slice(membersKey('').length));
               cursor = next;
             } while (cursor !== '0');
           }`,
        ],
        ['notes = notesOf(tags)', 'notes = notesOf([...found])'],
      ],
    },
    {
      name: 'counts-bookkeeping',
      fails: ['09.tags.count'],
      why: 'The keys of the tags are counted as well.',
      edits: [
        [
          "for _, note in ipairs(KEYS) do redis.call('UNLINK', note) end",
          "for _, note in ipairs(KEYS) do deleted = deleted + redis.call('UNLINK', note) end",
        ],
      ],
    },
    {
      name: 'counts-names',
      fails: ['09.tags.count'],
      why: 'Counts what was noted, not what was still there.',
      edits: [
        [
          "deleted = deleted + redis.call('UNLINK', key)",
          `redis.call('UNLINK', key)
           deleted = deleted + 1`,
        ],
      ],
    },
    {
      name: 'does-not-come-back',
      fails: ['09.listen.missed'],
      why: 'After a lost connection it is deaf, and does not know.',
      edits: [['own = redis.duplicate()', 'own = redis.duplicate({ retryStrategy: () => null })']],
    },
    {
      name: 'ends-only-when-well',
      fails: ['09.listen.ends'],
      why: 'Closes only where during() did not fail.',
      edits: [
        [
          `} finally {
             own.removeAllListeners('message');
             own.disconnect();
             await told;
           }`,
          `  own.removeAllListeners('message');
             own.disconnect();
             await told;
           } catch (error) {
             throw error;
           }`,
        ],
      ],
    },
    {
      name: 'every-database',
      fails: ['09.listen.expired'],
      why: 'Hears the expiries of all databases: the keys there have the same names and are others.',
      edits: [
        [
          "own.subscribe('market:invalidated', expired)",
          "Promise.all([own.subscribe('market:invalidated'), own.psubscribe('__keyevent@*__:expired')])",
        ],
        [
          `});
           try {`,
          `});
           own.on('pmessage', (_pattern, _channel, key) => tell({ expired: key }));
           try {`,
        ],
      ],
    },
    {
      name: 'every-tag-must-match',
      fails: ['09.tags.exact'],
      why: 'Takes several tags for "and": what has only one of them stays.',
      edits: [
        [
          `    deleted = deleted + redis.call('UNLINK', key)
             end
           end`,
          `    local all = true
               for j = #KEYS / 2 + 1, #KEYS do
                 if j ~= i and not redis.call('ZSCORE', KEYS[j], key) then all = false end
               end
               if all then deleted = deleted + redis.call('UNLINK', key) end
             end
           end`,
        ],
      ],
    },
    {
      name: 'expired-as-tags',
      fails: ['09.listen.expired'],
      why: 'Takes a key that looks like JSON for a list of tags.',
      edits: [
        ['if (channel === expired) return tell({ expired: text });', ''],
        [
          'if (tags) tell({ tags });',
          'if (tags) tell({ tags }); else if (channel === expired) tell({ expired: text });',
        ],
      ],
    },
    {
      name: 'failure-ends',
      fails: ['09.listen.failing'],
      why: 'The first error of a listener ends the telling.',
      edits: [
        [
          "told = told.then(() => onEvent(event)).catch((error) => console.error('A listener failed:', error.message));",
          `told = told.then(() => onEvent(event));
           told.catch(() => {});`,
        ],
        ['await told;', 'await told.catch(() => {});'],
      ],
    },
    {
      name: 'flushes',
      fails: ['09.tags.exact'],
      why: 'The simplest invalidation of all: FLUSHDB. Sessions and rate limits go too.',
      edits: [
        [
          'return (await redis.eval(invalidate, notes.length, ...notes, JSON.stringify(tags))) as number;',
          `const count = await redis.eval(invalidate, notes.length, ...notes, JSON.stringify(tags));
           await redis.flushdb();
           return count as number;`,
        ],
      ],
    },
    {
      name: 'forgets-the-leaderboard',
      fails: ['09.sale.exact'],
      why: 'As in the route of the document: a sale makes somebody richer, and the leaderboard does not know.',
      edits: [
        [
          "...listings, `inventory:${sellerId}`, `inventory:${buyerId}`, 'leaderboard'",
          '...listings, `inventory:${sellerId}`, `inventory:${buyerId}`',
        ],
      ],
    },
    {
      name: 'forgets-the-list-of-all',
      fails: ['09.sale.exact'],
      why: 'The page of the resource is right, and the page of all still sells what is gone.',
      edits: [["`listings:${resourceId}`, 'listings:all'", '`listings:${resourceId}`']],
    },
    {
      name: 'forgets-the-seller',
      fails: ['09.sale.exact'],
      why: 'Only the buyer sees a new inventory.',
      edits: [
        [
          "...listings, `inventory:${sellerId}`, `inventory:${buyerId}`, 'leaderboard'",
          "...listings, `inventory:${buyerId}`, 'leaderboard'",
        ],
      ],
    },
    {
      name: 'generation-for-each',
      fails: ['09.generation.same'],
      why: 'Every reader begins a new generation: of a crowd only the last one may keep.',
      edits: [
        [
          "generationKey(tag), fresh, 'PX', GENERATION_MS, 'NX', 'GET'",
          "generationKey(tag), fresh, 'PX', GENERATION_MS, 'GET'",
        ],
        ['replies[i]?.[1] ?? fresh', 'fresh'],
      ],
    },
    {
      name: 'generation-looks-first',
      fails: ['09.generation.trip'],
      why: 'A GET to see whether there is one, then a SET: two trips for each new tag.',
      edits: [
        ['const fresh = randomUUID();', 'const there = await redis.mget(tags.map(generationKey));'],
        [
          `for (const tag of tags) asking.set(generationKey(tag), fresh, 'PX', GENERATION_MS, 'NX', 'GET');
           const replies = (await asking.exec()) ?? [];
           for (const [error] of replies) if (error) throw error;`,
          `for (const [i, tag] of tags.entries()) {
             if (there[i] === null) asking.set(generationKey(tag), randomUUID(), 'PX', GENERATION_MS, 'NX');
           }
           if (there.includes(null)) await asking.exec();
           const now = there.includes(null) ? await redis.mget(tags.map(generationKey)) : there;`,
        ],
        ['replies[i]?.[1] ?? fresh', 'now[i]'],
      ],
    },
    {
      name: 'generation-one-by-one',
      fails: ['09.generation.trip'],
      why: 'One trip for each tag, at every miss.',
      edits: [
        [
          `const fresh = randomUUID();
           const asking = redis.multi();`,
          'const read: Record<string, string> = {};',
        ],
        [
          `for (const tag of tags) asking.set(generationKey(tag), fresh, 'PX', GENERATION_MS, 'NX', 'GET');
           const replies = (await asking.exec()) ?? [];
           for (const [error] of replies) if (error) throw error;
           return JSON.stringify(Object.fromEntries(tags.map((tag, i) => [tag, replies[i]?.[1] ?? fresh])));`,
          `for (const tag of tags) {
             const fresh = randomUUID();
             const there = await redis.set(generationKey(tag), fresh, 'PX', GENERATION_MS, 'NX', 'GET');
             read[tag] = there ?? fresh;
           }
           return JSON.stringify(read);`,
        ],
      ],
    },
    {
      name: 'generations-stay',
      fails: ['09.tags.expire'],
      why: 'The generations have no time to live.',
      edits: [
        [
          "generationKey(tag), fresh, 'PX', GENERATION_MS, 'NX', 'GET'",
          "generationKey(tag), fresh, 'NX', 'GET'",
        ],
      ],
    },
    {
      name: 'hides-the-error',
      fails: ['09.listen.ends'],
      why: 'Swallows what during() threw.',
      edits: [['await during();', 'await during().catch(() => {});']],
    },
    {
      name: 'in-this-process',
      fails: ['09.race.processes'],
      why: 'The generations are a Map of this process: another one does not know them.',
      edits: [
        [
          'const GENERATION_MS = 3_600_000;',
          `const GENERATION_MS = 3_600_000;
           const numbers = new Map<string, number>();`,
        ],
        [
          `const fresh = randomUUID();
           const asking = redis.multi();
           for (const tag of tags) asking.set(generationKey(tag), fresh, 'PX', GENERATION_MS, 'NX', 'GET');
           const replies = (await asking.exec()) ?? [];
           for (const [error] of replies) if (error) throw error;`,
          `const alive = (await redis.set('cache:life', randomUUID(), 'PX', GENERATION_MS, 'NX', 'GET')) ?? 'new';
           const life = alive === 'new' ? await redis.get('cache:life') : alive;`,
        ],
        [
          'Object.fromEntries(tags.map((tag, i) => [tag, replies[i]?.[1] ?? fresh]))',
          '{ life, tags: tags.map((tag) => numbers.get(tag) ?? 0) }',
        ],
        [
          `for i = 1, n do
             if redis.call('GET', KEYS[1 + i]) ~= ARGV[2 + i] then return 0 end
           end`,
          "if redis.call('GET', 'cache:life') ~= ARGV[3] then return 0 end",
        ],
        [
          `const read = JSON.parse(generation) as Record<string, string>;
           const generations = tags.map((tag) => read[tag] ?? '');`,
          `const read = JSON.parse(generation);
           if (tags.some((tag, i) => (numbers.get(tag) ?? 0) !== read.tags[i])) return false;
           const generations = [read.life];`,
        ],
        [
          'const notes = notesOf(tags);',
          `for (const tag of tags) numbers.set(tag, (numbers.get(tag) ?? 0) + 1);
           const notes = notesOf(tags);`,
        ],
      ],
    },
    {
      name: 'json-throws',
      fails: ['09.listen.foreign'],
      why: 'One message that is not JSON, and the process is gone.',
      edits: [
        [
          `function tagsIn(message: string): string[] | undefined {
             try {
               const tags: unknown = JSON.parse(message);
               return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string') ? tags : undefined;
             } catch {
               return undefined;
             }
           }`,
          `function tagsIn(message: string): string[] {
             return JSON.parse(message);
           }`,
        ],
      ],
    },
    {
      name: 'key-by-key',
      fails: ['09.tags.cost', '09.tags.whole'],
      why: 'Reads the list, then one awaited UNLINK for each key.',
      edits: [
        [
          `for i = #KEYS / 2 + 1, #KEYS do
             for _, key in ipairs(redis.call('ZRANGE', KEYS[i], 0, -1)) do
               deleted = deleted + redis.call('UNLINK', key)
             end
           end`,
          '',
        ],
        [
          'return (await redis.eval(invalidate, notes.length, ...notes, JSON.stringify(tags))) as number;',
          `let deleted = 0;
           for (const tag of new Set(tags)) {
             for (const key of await redis.zrange(membersKey(tag), '0', '-1')) deleted += await redis.unlink(key);
           }
           await redis.eval(invalidate, notes.length, ...notes, JSON.stringify(tags));
           return deleted;`,
        ],
      ],
    },
    {
      name: 'keys-by-name',
      fails: ['09.tags.cost'],
      why: 'A key for each pair of tag and key, found again with KEYS: it looks at every session of the database.',
      edits: [
        [
          `redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
           redis.call('ZADD', KEYS[i], now + ttl, KEYS[1])
           if redis.call('PTTL', KEYS[i]) < ttl + 1000 then redis.call('PEXPIRE', KEYS[i], ttl + 1000) end`,
          "redis.call('SET', KEYS[i] .. '|' .. KEYS[1], '', 'PX', ttl)",
        ],
        [
          `for _, key in ipairs(redis.call('ZRANGE', KEYS[i], 0, -1)) do
             deleted = deleted + redis.call('UNLINK', key)`,
          `for _, noted in ipairs(redis.call('KEYS', KEYS[i] .. '|*')) do
             deleted = deleted + redis.call('UNLINK', string.sub(noted, #KEYS[i] + 2))
             redis.call('UNLINK', noted)`,
        ],
      ],
    },
    {
      name: 'leaves-the-connection',
      fails: ['09.listen.ends'],
      why: 'Takes the subscription back and leaves the connection open, one more with each listening.',
      edits: [['own.disconnect();', 'await own.unsubscribe();']],
    },
    {
      name: 'looks-then-sets',
      fails: ['09.race.keeping'],
      why: 'Looks with MGET, then keeps in a second trip: the sale comes in between.',
      edits: [
        [
          `for i = 1, n do
             if redis.call('GET', KEYS[1 + i]) ~= ARGV[2 + i] then return 0 end
           end`,
          '',
        ],
        [
          'const names = [key, ...notesOf(tags)];',
          `const names = [key, ...notesOf(tags)];
           const now = await redis.mget(tags.map(generationKey));
           if (tags.some((_, i) => now[i] !== generations[i])) return false;`,
        ],
      ],
    },
    {
      name: 'members-stay',
      fails: ['09.tags.expire'],
      why: 'The lists of keys have no time to live: one for each resource and player that ever was.',
      edits: [
        [
          "if redis.call('PTTL', KEYS[i]) < ttl + 1000 then redis.call('PEXPIRE', KEYS[i], ttl + 1000) end",
          '',
        ],
      ],
    },
    {
      name: 'missing-is-zero',
      fails: ['09.race.lost'],
      why: 'Counts invalidations, and a number that is missing is 0: after the loss of the number every old load is good again.',
      edits: [
        ["import { randomUUID } from 'node:crypto';", ''],
        [
          `const fresh = randomUUID();
           const asking = redis.multi();
           for (const tag of tags) asking.set(generationKey(tag), fresh, 'PX', GENERATION_MS, 'NX', 'GET');
           const replies = (await asking.exec()) ?? [];
           for (const [error] of replies) if (error) throw error;`,
          'const numbers = await redis.mget(tags.map(generationKey));',
        ],
        ['replies[i]?.[1] ?? fresh', "numbers[i] ?? '0'"],
        [
          "if redis.call('GET', KEYS[1 + i]) ~= ARGV[2 + i] then return 0 end",
          "if (redis.call('GET', KEYS[1 + i]) or '0') ~= ARGV[2 + i] then return 0 end",
        ],
        [
          "for _, note in ipairs(KEYS) do redis.call('UNLINK', note) end",
          `for i = 1, #KEYS / 2 do
             redis.call('INCR', KEYS[i])
             redis.call('PEXPIRE', KEYS[i], 3600000)
             redis.call('UNLINK', KEYS[#KEYS / 2 + i])
           end`,
        ],
      ],
    },
    {
      name: 'needs-a-tag',
      fails: ['09.tags.nothing'],
      why: 'MGET and UNLINK without a name are errors.',
      edits: [['if (tags.length === 0) return 0;', 'await redis.mget(tags.map(generationKey));']],
    },
    {
      name: 'never-misses',
      fails: ['09.listen.missed'],
      why: 'Comes back after a lost connection, and says nothing: the copies of that time stay.',
      edits: [["own.on('ready', () => subscribe().then(() => tell({ missed: true }), () => {}));", '']],
    },
    {
      name: 'no-fence',
      fails: ['09.race.stale', '09.race.sale', '09.race.several', '09.race.processes'],
      why: 'SET, as most cache libraries do it: who loaded before the sale keeps what he has after it.',
      edits: [
        [
          `for i = 1, n do
             if redis.call('GET', KEYS[1 + i]) ~= ARGV[2 + i] then return 0 end
           end`,
          '',
        ],
      ],
    },
    {
      name: 'no-ttl',
      fails: ['09.keep.ttl'],
      why: 'An invalidation that is forgotten somewhere is never made good.',
      edits: [["redis.call('SET', KEYS[1], ARGV[1], 'PX', ttl)", "redis.call('SET', KEYS[1], ARGV[1])"]],
    },
    {
      name: 'on-the-given-client',
      fails: ['09.listen.client'],
      why: 'Subscribes on the client that it was given: two listeners share it, and the first that ends takes the subscription of the other along.',
      edits: [
        ['own = redis.duplicate()', 'own = redis'],
        ['own.disconnect();', "await own.unsubscribe('market:invalidated', expired);"],
      ],
    },
    {
      name: 'one-generation',
      fails: ['09.race.others'],
      why: 'One generation for everything: on a busy market nobody ever keeps anything.',
      edits: [['`tag:generation:${tag}`', "`tag:generation:${tag && 'all'}`"]],
    },
    {
      name: 'only-the-first-tag',
      fails: ['09.race.several'],
      why: 'Compares the generation of the first tag alone.',
      edits: [['for i = 1, n do', 'for i = 1, 1 do']],
    },
    {
      name: 'plain-set',
      fails: ['09.tags.bounded'],
      why: 'A plain set: names of values that expired long ago stay in it, as long as anybody uses the tag.',
      edits: [
        [
          `redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
           redis.call('ZADD', KEYS[i], now + ttl, KEYS[1])`,
          "redis.call('SADD', KEYS[i], KEYS[1])",
        ],
        [
          "for _, key in ipairs(redis.call('ZRANGE', KEYS[i], 0, -1)) do",
          "for _, key in ipairs(redis.call('SMEMBERS', KEYS[i])) do",
        ],
      ],
    },
    {
      name: 'reads-then-deletes',
      fails: ['09.race.invalidating'],
      why: 'Reads the lists, then deletes what stood in them and the lists: what was kept in between belongs to no list any more.',
      edits: [
        [
          `const invalidate = \`
             local deleted = 0
             for i = #KEYS / 2 + 1, #KEYS do
               for _, key in ipairs(redis.call('ZRANGE', KEYS[i], 0, -1)) do
                 deleted = deleted + redis.call('UNLINK', key)
               end
             end
             for _, note in ipairs(KEYS) do redis.call('UNLINK', note) end
             redis.call('PUBLISH', 'market:invalidated', ARGV[1])
             return deleted\`;`,
          '',
        ],
        [
          `const notes = notesOf(tags);
           return (await redis.eval(invalidate, notes.length, ...notes, JSON.stringify(tags))) as number;`,
          `const reading = redis.pipeline();
           for (const tag of tags) reading.zrange(membersKey(tag), 0, -1);
           const keys = ((await reading.exec()) ?? []).flatMap(([, members]) => members as string[]);
           const deleting = redis.multi();
           deleting.unlink('tag:none', ...keys);
           deleting.unlink(...notesOf(tags));
           deleting.publish('market:invalidated', JSON.stringify(tags));
           const replies = await deleting.exec();
           return replies?.[0]?.[1] as number;`,
        ],
      ],
    },
    {
      name: 'refuses-once',
      fails: ['09.race.stale'],
      why: 'The invalidation leaves a mark, and the next reader takes it away: the one after him keeps the old value again.',
      edits: [
        [
          "if redis.call('GET', KEYS[1 + i]) ~= ARGV[2 + i] then return 0 end",
          "if redis.call('DEL', KEYS[1 + i] .. ':mark') == 1 then return 0 end",
        ],
        [
          "redis.call('PUBLISH', 'market:invalidated', ARGV[1])",
          `for i = 1, #KEYS / 2 do redis.call('SET', KEYS[i] .. ':mark', '1', 'PX', 60000) end
           redis.call('PUBLISH', 'market:invalidated', ARGV[1])`,
        ],
      ],
    },
    {
      name: 'sale-by-key',
      fails: ['09.sale.exact', '09.race.sale'],
      why: 'Deletes the keys that the document names. There are more: other lengths of the leaderboard, sold listings. And nobody stops a late reader.',
      edits: [
        [
          'export function invalidateSale(ctx: Redis, { resourceId, buyerId, sellerId }: Sale): Promise<number> {',
          `export async function invalidateSale(
             { redis }: Redis,
             { resourceId, buyerId, sellerId }: Sale,
           ): Promise<number> {`,
        ],
        [
          `const listings = [\`listings:\${resourceId}\`, 'listings:all'];
           return invalidateTags(ctx, [...listings, \`inventory:\${sellerId}\`, \`inventory:\${buyerId}\`, 'leaderboard']);`,
          `const tags = [
             \`listings:\${resourceId}\`,
             'listings:all',
             \`inventory:\${sellerId}\`,
             \`inventory:\${buyerId}\`,
             'leaderboard',
           ];
           const listings = [\`market:listings:active:\${resourceId}\`, 'market:listings:active:all'];
           const inventories = [\`inventory:user:\${buyerId}\`, \`inventory:user:\${sellerId}\`];
           const replies = await redis
             .multi()
             .unlink(...listings, ...inventories, 'leaderboard:100')
             .publish('market:invalidated', JSON.stringify(tags))
             .exec();
           return replies?.[0]?.[1] as number;`,
        ],
      ],
    },
    {
      name: 'sale-in-parts',
      fails: ['09.tags.whole', '09.sale.told'],
      why: 'One invalidation after the other, as in the document: a reader in between sees money that is gone and goods that did not come.',
      edits: [
        [
          'export function invalidateSale(ctx: Redis, { resourceId, buyerId, sellerId }: Sale): Promise<number> {',
          'export async function invalidateSale(ctx: Redis, { resourceId, buyerId, sellerId }: Sale): Promise<number> {',
        ],
        [
          `const listings = [\`listings:\${resourceId}\`, 'listings:all'];
           return invalidateTags(ctx, [...listings, \`inventory:\${sellerId}\`, \`inventory:\${buyerId}\`, 'leaderboard']);`,
          `let deleted = await invalidateTags(ctx, [\`listings:\${resourceId}\`]);
           deleted += await invalidateTags(ctx, ['listings:all']);
           deleted += await invalidateTags(ctx, [\`inventory:\${buyerId}\`]);
           deleted += await invalidateTags(ctx, [\`inventory:\${sellerId}\`]);
           return deleted + (await invalidateTags(ctx, ['leaderboard']));`,
        ],
      ],
    },
    {
      name: 'sale-without-a-fence',
      fails: ['09.race.sale'],
      why: 'The sale deletes, and leaves the generations as they were: who is loading keeps what was true before it.',
      edits: [
        [
          'export function invalidateSale(ctx: Redis, { resourceId, buyerId, sellerId }: Sale): Promise<number> {',
          `const sweep = invalidate.replace('in ipairs(KEYS)', 'in ipairs({unpack(KEYS, #KEYS / 2 + 1)})');
           export async function invalidateSale(
             { redis }: Redis,
             { resourceId, buyerId, sellerId }: Sale,
           ): Promise<number> {`,
        ],
        [
          "return invalidateTags(ctx, [...listings, `inventory:${sellerId}`, `inventory:${buyerId}`, 'leaderboard']);",
          `const tags = [...listings, \`inventory:\${sellerId}\`, \`inventory:\${buyerId}\`, 'leaderboard'];
           const notes = notesOf(tags);
           return (await redis.eval(sweep, notes.length, ...notes, JSON.stringify(tags))) as number;`,
        ],
      ],
    },
    {
      name: 'seconds',
      fails: ['09.keep.ttl'],
      why: 'EX takes seconds: a minute becomes 16 hours.',
      edits: [
        ["redis.call('SET', KEYS[1], ARGV[1], 'PX', ttl)", "redis.call('SET', KEYS[1], ARGV[1], 'EX', ttl)"],
      ],
    },
    {
      name: 'shared-subscriber',
      fails: ['09.listen.client'],
      why: 'One connection for all listeners of the process, and the first that ends closes it.',
      edits: [
        [
          'export async function listen(',
          `let shared: LabContext['redis'] | undefined;
           export async function listen(`,
        ],
        [
          'const own = redis.duplicate()',
          `if (shared?.status !== 'ready') shared = redis.duplicate();
           const own = shared`,
        ],
      ],
    },
    {
      name: 'tag-by-tag',
      fails: ['09.tags.whole'],
      why: 'One script for each tag: between two of them a reader sees the new listings and the old inventory.',
      edits: [
        ["redis.call('PUBLISH', 'market:invalidated', ARGV[1])", ''],
        [
          `const notes = notesOf(tags);
           return (await redis.eval(invalidate, notes.length, ...notes, JSON.stringify(tags))) as number;`,
          `let deleted = 0;
           for (const tag of new Set(tags)) {
             deleted += (await redis.eval(invalidate, 2, generationKey(tag), membersKey(tag))) as number;
           }
           await redis.publish('market:invalidated', JSON.stringify(tags));
           return deleted;`,
        ],
      ],
    },
    {
      name: 'tags-of-a-kind',
      fails: ['09.tags.exact', '09.race.others'],
      why: 'One tag for all listings, one for all inventories: every sale empties the whole market.',
      edits: [
        ['`tag:generation:${tag}`', "`tag:generation:${tag.split(':')[0]}`"],
        ['(tag: string) => `tag:keys:${tag}`', "(tag: string) => `tag:keys:${tag.split(':')[0]}`"],
      ],
    },
    {
      name: 'tags-only',
      fails: ['09.listen.expired'],
      why: 'Hears no expiry.',
      edits: [["'market:invalidated', expired", "'market:invalidated'"]],
    },
    {
      name: 'takes-every-listing',
      fails: ['09.sale.exact'],
      why: 'One sale of iron empties the lists of all resources.',
      edits: [
        [
          "[`listings:${resourceId}`, 'listings:all']",
          "[`listings:${resourceId}`, 'listings:all', 'listings']",
        ],
      ],
    },
    {
      name: 'tells-each',
      fails: ['09.tags.told', '09.sale.told'],
      why: 'A message for each tag, and the tag alone: a list of tags was agreed.',
      edits: [
        [
          "redis.call('PUBLISH', 'market:invalidated', ARGV[1])",
          "for i = 1, #KEYS / 2 do redis.call('PUBLISH', 'market:invalidated', string.sub(KEYS[i], 16)) end",
        ],
      ],
    },
    {
      name: 'tells-first',
      fails: ['09.sale.told'],
      why: 'Tells before it deletes: who hears it reads the old value and keeps a copy of it.',
      edits: [
        ["redis.call('PUBLISH', 'market:invalidated', ARGV[1])", ''],
        [
          'const notes = notesOf(tags);',
          `const notes = notesOf(tags);
           await redis.publish('market:invalidated', JSON.stringify(tags));`,
        ],
        ['invalidate, notes.length, ...notes, JSON.stringify(tags)', 'invalidate, notes.length, ...notes'],
      ],
    },
    {
      name: 'tells-nobody',
      fails: ['09.sale.told', '09.tags.told', '09.listen.processes'],
      why: 'Deletes, and keeps it to itself.',
      edits: [["redis.call('PUBLISH', 'market:invalidated', ARGV[1])", '']],
    },
    {
      name: 'tells-only-deletions',
      fails: ['09.tags.told'],
      why: 'Redis held nothing, so nobody is told; but another process has a copy in its memory.',
      edits: [
        [
          "redis.call('PUBLISH', 'market:invalidated', ARGV[1])",
          "if deleted > 0 then redis.call('PUBLISH', 'market:invalidated', ARGV[1]) end",
        ],
      ],
    },
    {
      name: 'tells-this-process',
      fails: ['09.listen.processes'],
      why: 'An EventEmitter reaches the listeners of its own process.',
      edits: [
        [
          "import { randomUUID } from 'node:crypto';",
          `import { EventEmitter } from 'node:events';
           import { randomUUID } from 'node:crypto';`,
        ],
        [
          'const notes = notesOf(tags);',
          `heard.emit('tags', tags);
           const notes = notesOf(tags);`,
        ],
        [
          'export async function listen(',
          `const heard = new EventEmitter();
           export async function listen(`,
        ],
        ['if (tags) tell({ tags });', ''],
        [
          `});
           try {`,
          `});
           const onTags = (tags: string[]) => tell({ tags });
           heard.on('tags', onTags);
           try {`,
        ],
        [
          "own.removeAllListeners('message');",
          `heard.off('tags', onTags);
           own.removeAllListeners('message');`,
        ],
      ],
    },
    {
      name: 'text-of-a-value',
      fails: ['09.keep.kept'],
      why: 'String(value): an object becomes [object Object].',
      edits: [["JSON.stringify(value) ?? 'null'", 'String(value)']],
    },
    {
      name: 'truthy-only',
      fails: ['09.keep.kept'],
      why: 'An empty list, 0 and null are values as well: who does not keep them loads them again for every reader.',
      edits: [
        [
          'const { key, value, tags, ttlMs } = entry;',
          `const { key, value, tags, ttlMs } = entry;
           if (!value) return false;`,
        ],
      ],
    },
    {
      name: 'unknown-is-unchanged',
      fails: ['09.race.lost'],
      why: 'Where Redis knows no generation, it keeps.',
      edits: [
        [
          "if redis.call('GET', KEYS[1 + i]) ~= ARGV[2 + i] then return 0 end",
          `local there = redis.call('GET', KEYS[1 + i])
           if there and there ~= ARGV[2 + i] then return 0 end`,
        ],
        [
          "for _, note in ipairs(KEYS) do redis.call('UNLINK', note) end",
          `for i = 1, #KEYS / 2 do
             redis.call('SET', KEYS[i], ARGV[2], 'PX', 3600000)
             redis.call('UNLINK', KEYS[#KEYS / 2 + i])
           end`,
        ],
        [
          'redis.eval(invalidate, notes.length, ...notes, JSON.stringify(tags))',
          'redis.eval(invalidate, notes.length, ...notes, JSON.stringify(tags), randomUUID())',
        ],
      ],
    },
    {
      name: 'unlinks-none',
      fails: ['09.tags.nothing'],
      why: 'UNLINK without a name is an error, and a tag that nobody used has no names.',
      edits: [
        [
          `for _, key in ipairs(redis.call('ZRANGE', KEYS[i], 0, -1)) do
             deleted = deleted + redis.call('UNLINK', key)
           end`,
          "deleted = deleted + redis.call('UNLINK', unpack(redis.call('ZRANGE', KEYS[i], 0, -1)))",
        ],
      ],
    },
    {
      name: 'watch-on-shared-connection',
      fails: ['09.race.keeping'],
      why: 'WATCH belongs to a connection: the EXEC of another reader on it takes the watch away.',
      edits: [
        [
          `for i = 1, n do
             if redis.call('GET', KEYS[1 + i]) ~= ARGV[2 + i] then return 0 end
           end`,
          '',
        ],
        [
          'return (await redis.eval(keep, names.length, ...names, json, ttlMs, ...generations)) === 1;',
          `await redis.watch(...tags.map(generationKey));
           const now = await redis.mget(tags.map(generationKey));
           if (tags.some((_, i) => now[i] !== generations[i])) return false;
           const all = [...names, json, ttlMs, ...generations];
           const replies = await redis
             .multi()
             .eval(keep, names.length, ...all)
             .exec();
           return replies !== null;`,
        ],
      ],
    },
    {
      name: 'back-with-one-ear',
      fails: ['09.listen.missed'],
      why: 'Subscribes again to the messages alone: it never hears of an expiry any more.',
      edits: [
        ['own = redis.duplicate()', 'own = redis.duplicate({ autoResubscribe: false })'],
        [
          'subscribe().then(() => tell({ missed: true }), () => {})',
          "own.subscribe('market:invalidated').then(() => tell({ missed: true }), () => {})",
        ],
      ],
    },
    {
      name: 'counts-in-an-epoch',
      fails: ['09.race.lost'],
      why: 'A counter for each tag beside a random text for all: where only the counter is evicted it comes to the same numbers again.',
      edits: [
        [
          `const fresh = randomUUID();
           const asking = redis.multi();
           for (const tag of tags) asking.set(generationKey(tag), fresh, 'PX', GENERATION_MS, 'NX', 'GET');
           const replies = (await asking.exec()) ?? [];
           for (const [error] of replies) if (error) throw error;
           return JSON.stringify(Object.fromEntries(tags.map((tag, i) => [tag, replies[i]?.[1] ?? fresh])));`,
          `const epoch = randomUUID();
           const asking = redis.multi().set('tag:epoch', epoch, 'PX', GENERATION_MS, 'NX', 'GET');
           const replies = (await asking.mget(tags.map(generationKey)).exec()) ?? [];
           for (const [error] of replies) if (error) throw error;
           const [life, numbers] = [replies[0]![1] ?? epoch, replies[1]![1] as (string | null)[]];
           return JSON.stringify(Object.fromEntries(tags.map((tag, i) => [tag, \`\${life} \${numbers[i] ?? 0}\`])));`,
        ],
        [
          "if redis.call('GET', KEYS[1 + i]) ~= ARGV[2 + i] then return 0 end",
          `local epoch = redis.call('GET', 'tag:epoch') or ''
           if epoch .. ' ' .. (redis.call('GET', KEYS[1 + i]) or '0') ~= ARGV[2 + i] then return 0 end`,
        ],
        [
          "for _, note in ipairs(KEYS) do redis.call('UNLINK', note) end",
          `for i = 1, #KEYS / 2 do
             redis.call('INCR', KEYS[i])
             redis.call('PEXPIRE', KEYS[i], 3600000)
             redis.call('UNLINK', KEYS[#KEYS / 2 + i])
           end`,
        ],
      ],
    },
    {
      name: 'expiries-later',
      fails: ['09.listen.begins'],
      why: 'Waits for the subscription to the messages, and not for the one to expiries.',
      edits: [
        [
          `await subscribe();
           own.on('ready', () => subscribe().then(() => tell({ missed: true }), () => {}));`,
          `await own.subscribe('market:invalidated');
           own.on('ready', () => subscribe().then(() => tell({ missed: true }), () => {}));
           setTimeout(() => own.subscribe(expired).catch(() => {}), 50);`,
        ],
      ],
    },
    {
      name: 'fresh-after-a-while',
      fails: ['09.generation.same'],
      why: 'A generation lives for twenty seconds: whoever loads longer than that never keeps anything.',
      edits: [['const GENERATION_MS = 3_600_000;', 'const GENERATION_MS = 20_000;']],
    },
    {
      name: 'invalidates-in-a-pipeline',
      fails: ['09.race.invalidating'],
      why: 'Reads the names, then deletes: what another process keeps between the two stays, however slowly it keeps.',
      edits: [
        [
          'return (await redis.eval(invalidate, notes.length, ...notes, JSON.stringify(tags))) as number;',
          `const names = await redis.zunion(tags.length, ...tags.map(membersKey));
           const replies = await redis
             .multi()
             .unlink(...names, 'tag:none')
             .unlink(notes)
             .publish('market:invalidated', JSON.stringify(tags))
             .exec();
           return replies![0]![1] as number;`,
        ],
        [
          'const { key, value, tags, ttlMs } = entry;',
          `const { key, value, tags, ttlMs } = entry;
           for (let i = 0; i < 4; i++) await redis.ping();`,
        ],
      ],
    },
    {
      name: 'keeps-in-a-multi',
      fails: ['09.race.keeping'],
      why: 'Looks, then keeps in a MULTI without WATCH: an invalidation between the two is overlooked, however slow it is.',
      edits: [
        [
          'const { key, value, tags, ttlMs } = entry;',
          `const { key, value, tags, ttlMs } = entry;
           const now = await redis.mget(tags.map(generationKey));
           const known = JSON.parse(generation) as Record<string, string>;
           if (tags.some((tag, i) => known[tag] !== now[i])) return false;`,
        ],
        [
          `for i = 1, n do
             if redis.call('GET', KEYS[1 + i]) ~= ARGV[2 + i] then return 0 end
           end`,
          '',
        ],
        [
          'const notes = notesOf(tags);',
          `for (let i = 0; i < 4; i++) await redis.ping();
           const notes = notesOf(tags);`,
        ],
      ],
    },
    {
      name: 'no-tags-are-told',
      fails: ['09.tags.nothing'],
      why: 'For no tags it tells everybody of an empty list.',
      edits: [['if (tags.length === 0) return 0;', '']],
    },
    {
      name: 'notes-before-it-looks',
      fails: ['09.race.several'],
      why: 'Notes each tag as it looks at it: a value that is refused at the second tag is noted under the first.',
      edits: [
        [
          "if redis.call('GET', KEYS[1 + i]) ~= ARGV[2 + i] then return 0 end",
          `if redis.call('GET', KEYS[1 + i]) ~= ARGV[2 + i] then return 0 end
           redis.call('ZADD', KEYS[1 + n + i], 9e15, KEYS[1])
           redis.call('PEXPIRE', KEYS[1 + n + i], ARGV[2] + 1000, 'NX')`,
        ],
      ],
    },
    {
      name: 'tells-apart',
      fails: ['09.tags.told'],
      why: 'Tells in a command of its own: killed before it, the values are gone and nobody hears of it.',
      edits: [
        ["redis.call('PUBLISH', 'market:invalidated', ARGV[1])", ''],
        [
          'return (await redis.eval(invalidate, notes.length, ...notes, JSON.stringify(tags))) as number;',
          `const deleted = await redis.eval(invalidate, notes.length, ...notes);
           await redis.publish('market:invalidated', JSON.stringify(tags));
           return deleted as number;`,
        ],
      ],
    },
    {
      name: 'unpacks-all',
      fails: ['09.tags.many'],
      why: 'Hands all names to one UNLINK: from 8,000 on Lua says "too many results to unpack", and nothing is deleted.',
      edits: [
        [
          `for _, key in ipairs(redis.call('ZRANGE', KEYS[i], 0, -1)) do
             deleted = deleted + redis.call('UNLINK', key)
           end`,
          `local names = redis.call('ZRANGE', KEYS[i], 0, -1)
           if #names > 0 then deleted = deleted + redis.call('UNLINK', unpack(names)) end`,
        ],
      ],
    },
    {
      name: 'whole-seconds',
      fails: ['09.keep.ttl'],
      why: 'Rounds to seconds: a value of 90.5 seconds ends half a second too early.',
      edits: [
        [
          "redis.call('SET', KEYS[1], ARGV[1], 'PX', ttl)",
          "redis.call('SET', KEYS[1], ARGV[1], 'EX', math.max(1, math.floor(ttl / 1000)))",
        ],
      ],
    },
    {
      name: 'not-its-own',
      fails: ['09.listen.processes', '09.listen.client'],
      why: 'Does not tell a process of what it invalidated itself: a copy that another part of it holds stays.',
      edits: [
        [
          'const notes = notesOf(tags);',
          `sent.add(JSON.stringify(tags));
           const notes = notesOf(tags);`,
        ],
        [
          'function tagsIn(message: string): string[] | undefined {',
          `const sent = new Set<string>();
           function tagsIn(message: string): string[] | undefined {
             if (sent.has(message)) return undefined;`,
        ],
      ],
    },
    {
      name: 'takes-its-name-along',
      fails: ['09.tags.exact'],
      why: 'Deletes what bears the name of a list besides, though nobody kept it under a tag.',
      edits: [
        [
          'return (await redis.eval(invalidate, notes.length, ...notes, JSON.stringify(tags))) as number;',
          `const deleted = await redis.eval(invalidate, notes.length, ...notes, JSON.stringify(tags));
           await redis.unlink(tags.map((tag) => tag.replace('listings:', 'market:listings:active:')));
           return deleted as number;`,
        ],
      ],
    },
    {
      name: 'keeps-the-first-end',
      fails: ['09.tags.bounded'],
      why: 'What is kept again keeps its first end, and is forgotten then.',
      edits: [
        [
          `redis.call('ZADD', KEYS[i], now + ttl, KEYS[1])`,
          `redis.call('ZADD', KEYS[i], 'NX', now + ttl, KEYS[1])`,
        ],
      ],
    },
    {
      name: 'notes-under-the-tag',
      fails: ['09.tags.exact'],
      why: 'The list of the keys of a tag has the name of the tag, as a value may have.',
      edits: [
        [
          'const membersKey = (tag: string) => `tag:keys:${tag}`;',
          'const membersKey = (tag: string) => tag;',
        ],
      ],
    },
    {
      name: 'names-that-clash',
      fails: ['09.tags.exact'],
      why: 'The keys of `a` are noted where the generation of `a:keys` is.',
      edits: [
        [
          'const generationKey = (tag: string) => `tag:generation:${tag}`;',
          'const generationKey = (tag: string) => `tag:${tag}`;',
        ],
        [
          'const membersKey = (tag: string) => `tag:keys:${tag}`;',
          'const membersKey = (tag: string) => `tag:${tag}:keys`;',
        ],
      ],
    },
    {
      name: 'tags-in-lower-case',
      fails: ['09.tags.exact'],
      why: 'Takes two tags for one that differ by a letter case.',
      edits: [
        [
          'const membersKey = (tag: string) => `tag:keys:${tag}`;',
          'const membersKey = (tag: string) => `tag:keys:${tag.toLowerCase()}`;',
        ],
      ],
    },
    {
      name: 'an-hour-for-all',
      fails: ['09.tags.longest'],
      why: 'What is noted of a tag ends an hour after the last value was kept.',
      edits: [
        [
          `if redis.call('PTTL', KEYS[i]) < ttl + 1000 then redis.call('PEXPIRE', KEYS[i], ttl + 1000) end`,
          `redis.call('PEXPIRE', KEYS[i], 3600000)`,
        ],
      ],
    },
    {
      name: 'begins-again-when-back',
      fails: ['09.listen.missed'],
      why: 'Calls during() again each time that the connection is back.',
      edits: [
        [
          '() => subscribe().then(() => tell({ missed: true }), () => {})',
          '() => subscribe().then(() => (tell({ missed: true }), during()), () => {}).catch(() => {})',
        ],
      ],
    },
    {
      name: 'misses-once',
      fails: ['09.listen.missed'],
      why: 'Tells of the first lost connection alone.',
      edits: [[`own.on('ready',`, `own.once('ready',`]],
    },
    {
      name: 'misses-too-early',
      fails: ['09.listen.missed'],
      why: 'Tells of a lost connection when it is lost, and not when it is back.',
      edits: [
        [
          `own.on('ready', () => subscribe().then(() => tell({ missed: true }), () => {}));`,
          `own.on('reconnecting', () => tell({ missed: true }));`,
        ],
      ],
    },
    {
      name: 'gives-up',
      fails: ['09.listen.missed'],
      why: 'Tries three times to connect again.',
      edits: [
        [
          'const own = redis.duplicate();',
          'const own = redis.duplicate({ retryStrategy: (times) => (times > 3 ? null : 20) });',
        ],
      ],
    },
    {
      name: 'every-event-of-keys',
      fails: ['09.listen.expired'],
      why: 'Takes whatever happens to a key for its end.',
      edits: [
        [
          `const subscribe = () => own.subscribe('market:invalidated', expired);`,
          `const subscribe = () => Promise.all([own.subscribe('market:invalidated'), own.psubscribe(expired.replace('expired', '*'))]);`,
        ],
        [
          `own.on('message', (channel, text) => {
    if (channel === expired) return tell({ expired: text });`,
          `own.on('pmessage', (_pattern, _channel, text) => tell({ expired: text }));
  own.on('message', (_channel, text) => {`,
        ],
      ],
    },
  ],
};
