import type { WrongSolutions } from '../../kit/prove/kept/wrong-solutions.ts';

/** How a reader joins a load of its own process. */
const JOIN = 'if (there) return there.then((got) => (got === LOST ? again(there) : got));';

export const wrong: WrongSolutions = {
  base: 'test/right/06-cache-aside/lock-and-poll.ts',
  solutions: [
    {
      name: 'numbers-as-texts',
      fails: ['06.miss.kept'],
      why: 'Keeps a number as a text: who reads it from Redis gets another value than who loaded it.',
      edits: [
        [
          'JSON.stringify(value), ttl',
          "JSON.stringify(typeof value === 'number' && value > 0 ? `${value}` : value), ttl",
        ],
      ],
    },
    {
      name: 'whole-seconds',
      fails: ['06.miss.ttl'],
      why: 'Makes whole seconds of ttlMs: 90.999 s become 90, and 0.7 s nothing.',
      edits: [
        [
          'Math.ceil(longest * (1 - (options.jitter ?? 0.1) * Math.random()))',
          '(value === null ? 1 : 1000) * Math.floor((longest * (1 - (options.jitter ?? 0.1) * Math.random())) / (value === null ? 1 : 1000))',
        ],
      ],
    },
    {
      name: 'seconds-rounded-up',
      fails: ['06.miss.ttl', '06.nothing.kept'],
      why: 'Rounds each time to live up to whole seconds: it lives longer than ttlMs.',
      edits: [
        [
          'Math.ceil(longest * (1 - (options.jitter ?? 0.1) * Math.random()))',
          '1000 * Math.ceil((longest * (1 - (options.jitter ?? 0.1) * Math.random())) / 1000)',
        ],
      ],
    },
    {
      name: 'word-for-nothing',
      fails: ['06.nothing.kept'],
      why: 'Keeps a word of its own where nothing was found, which no other reader of the key understands.',
      edits: [
        ['JSON.stringify(value), ttl', 'value === null ? \'"(nothing)"\' : JSON.stringify(value), ttl'],
        ['{ value: JSON.parse(text) }', '{ value: text === \'"(nothing)"\' ? null : JSON.parse(text) }'],
      ],
    },
    {
      name: 'null-keeps-waiting',
      fails: ['06.nothing.kept'],
      why: 'Who waits looks whether there is a value, and takes null for none yet.',
      edits: [
        [
          `hit = parsed(await redis.get(key));
           if (!hit && !mine) await pause(10);`,
          `hit = parsed(await redis.get(key));
           if (hit?.value === null) hit = undefined;
           if (!hit && !mine) await pause(10);`,
        ],
      ],
    },
    {
      name: 'any-text-ends-the-wait',
      fails: ['06.hit.foreign'],
      why: 'Who waits takes whatever text stands under the key.',
      edits: [
        [
          `hit = parsed(await redis.get(key));
           if (!hit && !mine) await pause(10);`,
          `const text = await redis.get(key);
           hit = parsed(text) ?? (text === null || mine ? undefined : { value: text });
           if (!hit && !mine) await pause(10);`,
        ],
      ],
    },
    {
      name: 'zero-for-each',
      fails: ['06.nothing.zero'],
      why: 'Where nothing is to be kept nobody waits for anybody: each reader loads.',
      edits: [
        [JOIN, JOIN.replace('(there)', '(there && options.missingTtlMs !== 0)')],
        ['let mine = false;', 'let mine = options.missingTtlMs === 0;'],
      ],
    },
    {
      name: 'polls-ten-times',
      fails: ['06.one.long'],
      why: 'Looks ten times, and then loads: a load that takes a second is not waited for.',
      edits: [
        ['while (!hit && !mine) {', 'for (let turns = 0; !hit && !mine && turns < 10; turns++) {'],
        ['await pause(10);', 'await pause(30);'],
      ],
    },
    {
      name: 'half-a-second-by-default',
      fails: ['06.one.long'],
      why: 'Waits for half a second where waitMs is not told.',
      edits: [
        ['const waitMs = options.waitMs ?? 5000;', 'const waitMs = options.waitMs ?? 500;'],
        ['pause(options.waitMs ?? 5000, LOST', 'pause(options.waitMs ?? 500, LOST'],
      ],
    },
    {
      name: 'a-minute-by-default',
      fails: ['06.lost.late'],
      why: 'The lock lives for a minute where waitMs is not told.',
      edits: [['const waitMs = options.waitMs ?? 5000;', 'const waitMs = options.waitMs ?? 60_000;']],
    },
    {
      name: 'waits-for-ever-in-its-process',
      fails: ['06.lost.same-process'],
      why: 'The promise in the Map has no end: a query that hangs stops all readers of its process.',
      edits: [
        [JOIN, 'if (there) return there;'],
        ['Promise.race([flight, pause(options.waitMs ?? 5000, LOST, { ref: false })])', 'flight'],
      ],
    },
    {
      name: 'each-of-its-process-loads',
      fails: ['06.lost.same-process'],
      why: 'When the wait for the promise in the Map is over, each of those who waited loads.',
      edits: [[JOIN, 'if (there) return there.then((got) => (got === LOST ? load() : got));']],
    },
    {
      name: 'null-when-the-wait-is-over',
      fails: ['06.lost.taken-over'],
      why: 'Whose wait is over says that there is nothing.',
      edits: [
        [
          'let mine = false;',
          `let mine = false;
           const end = Date.now() + waitMs;`,
        ],
        [
          'if (!hit && !mine) await pause(10);',
          `if (!hit && !mine && Date.now() > end) return null;
           if (!hit && !mine) await pause(10);`,
        ],
      ],
    },
    {
      name: 'loads-when-the-wait-is-over',
      fails: ['06.lost.taken-over'],
      why: 'Whose wait is over loads, with the lock or without: all of them in the same moment.',
      edits: [
        [
          'let mine = false;',
          `let mine = false;
           const end = Date.now() + waitMs;`,
        ],
        [
          'if (!hit && !mine) await pause(10);',
          `if (!hit && !mine && Date.now() > end) break;
           if (!hit && !mine) await pause(10);`,
        ],
      ],
    },
    {
      name: 'message-of-the-dead',
      fails: ['06.lost.taken-over'],
      why: 'Who waits listens for a message, which a killed process never sends.',
      edits: [
        [
          'if (!hit && !mine) await pause(10);',
          `if (!hit && !mine) {
             const ear = redis.duplicate();
             const told = new Promise((resolve) => ear.once('message', resolve));
             await ear.subscribe(lock);
             if (await redis.exists(lock)) await told;
             ear.disconnect();
           }`,
        ],
        [
          `redis.call('DEL', KEYS[2])\`;`,
          `redis.call('DEL', KEYS[2])
           redis.call('PUBLISH', KEYS[2], 'over')\`;`,
        ],
        [
          "then redis.call('DEL', KEYS[1]) end",
          "then redis.call('DEL', KEYS[1]) redis.call('PUBLISH', KEYS[1], 'over') end",
        ],
      ],
    },
    {
      name: 'keeps-in-two-steps',
      fails: ['06.lost.late'],
      why: 'Looks whose lock it is, and writes in a second command: in between the lock may have ended.',
      edits: [
        [
          'await redis.eval(KEEP, 2, key, lock, token, JSON.stringify(value), ttl);',
          `if ((await redis.get(lock)) !== token) return value;
           if (ttl > 0) await redis.set(key, JSON.stringify(value), 'PX', ttl);
           await release(redis, lock, token);`,
        ],
      ],
    },
    {
      name: 'gives-back-in-two-steps',
      fails: ['06.lost.not-mine'],
      why: 'Looks whose lock it is, and deletes it in a second command: by then it may be that of another.',
      edits: [
        [
          "const script = \"if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end\";",
          '',
        ],
        [
          'await redis.eval(script, 1, lock, token);',
          'if ((await redis.get(lock)) === token) await redis.del(lock);',
        ],
      ],
    },
    {
      name: 'counts-who-waits',
      fails: ['06.crash.expires'],
      why: 'Counts who waits under a key that never expires.',
      edits: [
        [
          'if (!hit && !mine) await pause(10);',
          `if (!hit && !mine) await redis.incr(\`\${key}:waiting\`);
           if (!hit && !mine) await pause(10);`,
        ],
      ],
    },
    {
      name: 'remembers-failures',
      fails: ['06.crash.expires'],
      why: 'Notes under a key that never expires that a load failed.',
      edits: [
        [
          'if (mine) await release(redis, lock, token).catch(() => {});',
          `if (mine) await release(redis, lock, token).catch(() => {});
           await redis.set(\`\${key}:failed\`, String(error)).catch(() => {});`,
        ],
      ],
    },
    {
      name: 'opens-and-never-closes',
      fails: ['06.leaves.connections'],
      why: 'Gives the lock back over a connection of its own where load fails, and leaves that open.',
      edits: [
        [
          'if (mine) await release(redis, lock, token).catch(() => {});',
          'if (mine) await release(redis.duplicate(), lock, token).catch(() => {});',
        ],
      ],
    },
    {
      name: 'all-load-in-the-end',
      fails: ['06.lost.taken-over'],
      why: 'Whose wait is over loads without the lock: so do all the others in the same moment.',
      edits: [
        [
          'let mine = false;',
          `let mine = false;
           let asked = false;`,
        ],
        [
          `while (!hit && !mine) {
             mine = (await redis.set(lock, token, 'PX', waitMs, 'NX')) === 'OK';`,
          `const end = Date.now() + waitMs + 20;
           while (!hit && !mine && Date.now() < end) {
             if (!asked) mine = (await redis.set(lock, token, 'PX', waitMs * 2, 'NX')) === 'OK';
             asked = true;`,
        ],
      ],
    },
    {
      name: 'always-loads',
      fails: ['06.hit.no-load'],
      why: 'Asks the cache and loads all the same, to be sure.',
      edits: [
        ['while (!hit && !mine) {', 'while (!mine) {'],
        ['if (hit) {', "if (hit && key === '') {"],
      ],
    },
    {
      name: 'deletes-any-lock',
      fails: ['06.lost.not-mine'],
      why: 'Deletes the lock whosever it is: a late load lets a third begin beside the second.',
      edits: [
        [
          "const script = \"if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end\";",
          '',
        ],
        ['redis.eval(script, 1, lock, token)', 'redis.del(lock)'],
      ],
    },
    {
      name: 'empty-is-missing',
      fails: ['06.nothing.kept'],
      why: 'Takes an empty list for nothing, and keeps it for missingTtlMs only.',
      edits: [
        [
          'value === null ? (options.missingTtlMs ?? options.ttlMs) : options.ttlMs',
          'value === null || value?.length === 0 ? (options.missingTtlMs ?? options.ttlMs) : options.ttlMs',
        ],
      ],
    },
    {
      name: 'error-as-nothing',
      fails: ['06.fail.shared'],
      why: 'Catches the error of load and says that there is nothing, and keeps that.',
      edits: [['(await load()) ?? null', '(await load().catch(() => null)) ?? null']],
    },
    {
      name: 'error-of-its-own',
      fails: ['06.fail.shared'],
      why: "Throws an error of its own in the place of load's: callers can no longer tell why.",
      edits: [['throw error;', "throw new Error('the cache could not load the value');"]],
    },
    {
      name: 'exists-first',
      fails: ['06.hit.one-trip'],
      why: 'EXISTS, then GET: two round trips, and the key may end between them.',
      edits: [
        [
          'let hit = parsed(await redis.get(key))',
          'let hit = (await redis.exists(key)) ? parsed(await redis.get(key)) : undefined',
        ],
      ],
    },
    {
      name: 'failed-promise-stays',
      fails: ['06.fail.shared'],
      why: 'The promise leaves the Map only after a load that went well: one failure is the answer for ever.',
      edits: [
        [
          'fetchValue(redis, key, load, options).finally(() => leave(key, shared))',
          `fetchValue(redis, key, load, options).then((value) => {
             leave(key, shared);
             return value;
           })`,
        ],
      ],
    },
    {
      name: 'foreign-stays',
      fails: ['06.hit.foreign'],
      why: 'What is not JSON counts as a Redis that does not answer: it is never replaced, so each reader loads.',
      edits: [
        [
          `} catch {
             return undefined;`,
          `} catch (error) {
             throw error;`,
        ],
      ],
    },
    {
      name: 'gives-up-early',
      fails: ['06.one.processes'],
      why: 'Who does not get the lock waits 20 ms, then loads without it.',
      edits: [
        [
          `while (!hit && !mine) {
             mine = (await redis.set(lock, token, 'PX', waitMs, 'NX')) === 'OK';
             hit = parsed(await redis.get(key));
             if (!hit && !mine) await pause(10);
           }`,
          `for (let turns = 0; !hit && !mine && turns < 2; turns++) {
             mine = (await redis.set(lock, token, 'PX', waitMs, 'NX')) === 'OK';
             hit = parsed(await redis.get(key));
             if (!hit && !mine) await pause(10);
           }`,
        ],
      ],
    },
    {
      name: 'if-cached',
      fails: ['06.hit.falsy'],
      why: "The document's `if cached:`, which in Python takes an empty list for a miss.",
      edits: [
        [
          'text === null ? undefined : { value: JSON.parse(text) }',
          "text === null || text === '[]' ? undefined : { value: JSON.parse(text) }",
        ],
      ],
    },
    {
      name: 'jitter-both-ways',
      fails: ['06.jitter.spread'],
      why: 'Jitter to both sides: some keys live longer than ttlMs.',
      edits: [
        ['- (options.jitter ?? 0.1) * Math.random()', '+ (options.jitter ?? 0.1) * (Math.random() * 2 - 1)'],
      ],
    },
    {
      name: 'jitter-by-default-only',
      fails: ['06.jitter.spread'],
      why: 'Ten per cent, whatever is asked for.',
      edits: [['options.jitter ?? 0.1', 'options.jitter === 0 ? 0 : 0.1']],
    },
    {
      name: 'jitter-of-the-process',
      fails: ['06.jitter.spread'],
      why: 'One draw when the module is loaded: all keys of a process end together all the same.',
      edits: [
        [
          "import type { Redis } from 'ioredis';",
          `import type { Redis } from 'ioredis';
           const SHARE = Math.random();`,
        ],
        ['(options.jitter ?? 0.1) * Math.random()', '(options.jitter ?? 0.1) * SHARE'],
      ],
    },
    {
      name: 'json-throws',
      fails: ['06.hit.foreign'],
      why: 'What is not JSON makes JSON.parse throw, and every reader of the key gets a SyntaxError.',
      edits: [
        [
          `} catch {
             return undefined;
           }`,
          `} catch (error) {
             throw Object.assign(error as Error, { mustReach: true });
           }`,
        ],
        [
          `} catch {
             // Redis does not answer
           }`,
          `} catch (error) {
             if ((error as any).mustReach) throw error;
           }`,
        ],
      ],
    },
    {
      name: 'json-twice',
      fails: ['06.miss.kept'],
      why: 'The text is made JSON twice: the key holds a text of JSON, which no other reader understands.',
      edits: [
        ['value: JSON.parse(text)', 'value: JSON.parse(JSON.parse(text))'],
        ['JSON.stringify(value)', 'JSON.stringify(JSON.stringify(value))'],
      ],
    },
    {
      name: 'keeping-must-work',
      fails: ['06.down.meanwhile'],
      why: 'What cannot be kept is not returned either.',
      edits: [
        [
          `} catch {
             // not kept
           }`,
          `} finally {
             // whether or not
           }`,
        ],
      ],
    },
    {
      name: 'late-deletes-lock',
      fails: ['06.lost.not-mine'],
      why: 'Does not write what comes late, and deletes the lock all the same.',
      edits: [
        [
          "if redis.call('GET', KEYS[2]) ~= ARGV[1] then return end",
          "if redis.call('GET', KEYS[2]) ~= ARGV[1] then redis.call('DEL', KEYS[2]) return end",
        ],
      ],
    },
    {
      name: 'late-ends-the-next',
      fails: ['06.lost.not-mine'],
      why: 'Keeps a late value where nothing is kept, and then refuses the value of the load that holds the lock.',
      edits: [
        [
          `const KEEP = \`
           if redis.call('GET', KEYS[2]) ~= ARGV[1] then return end
           if ARGV[3] ~= '0' then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
           redis.call('DEL', KEYS[2])\`;`,
          `const KEEP = \`
           local text = redis.call('GET', KEYS[1]) or 'NaN'
           local there = text ~= 'NaN' and pcall(cjson.decode, text)
           if ARGV[3] ~= '0' and not there then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
           if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end\`;`,
        ],
      ],
    },
    {
      name: 'late-overwrites',
      fails: ['06.lost.late'],
      why: 'Writes without looking whose lock it is: a slow load puts an old value over a newer one.',
      edits: [
        [
          `if redis.call('GET', KEYS[2]) ~= ARGV[1] then return end
           if ARGV[3] ~= '0' then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
           redis.call('DEL', KEYS[2])\`;`,
          `if ARGV[3] ~= '0' then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
           if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end\`;`,
        ],
      ],
    },
    {
      name: 'loads-again',
      fails: ['06.down.meanwhile'],
      why: 'Starts over where the value could not be kept: the second load is for nothing.',
      edits: [
        [
          `  // not kept
           }`,
          `  return load();
           }`,
        ],
      ],
    },
    {
      name: 'lock-for-hits',
      fails: ['06.hit.one-trip'],
      why: 'Takes the lock before it looks: every hit pays for it.',
      edits: [['let hit = parsed(await redis.get(key));', 'let hit: { value: any } | undefined;']],
    },
    {
      name: 'lock-of-ten-minutes',
      fails: ['06.lost.taken-over'],
      why: 'The lock lives for ten minutes, whatever waitMs says.',
      edits: [["lock, token, 'PX', waitMs, 'NX'", "lock, token, 'PX', 600_000, 'NX'"]],
    },
    {
      name: 'lock-stays-after-error',
      fails: ['06.fail.next', '06.fail.shared'],
      why: 'A load that fails keeps its lock until that ends by itself: everybody waits for nothing.',
      edits: [
        [
          `} catch (error) {
             if (mine) await release(redis, lock, token).catch(() => {});
             throw error;
           }`,
          `} catch (error) {
             throw error;
           }`,
        ],
      ],
    },
    {
      name: 'lock-then-expire',
      fails: ['06.crash.expires'],
      why: 'SETNX, then PEXPIRE: killed in between, the lock blocks the key for ever.',
      edits: [
        [
          "mine = (await redis.set(lock, token, 'PX', waitMs, 'NX')) === 'OK';",
          `mine = (await redis.setnx(lock, token)) === 1;
           if (mine) await redis.pexpire(lock, waitMs);`,
        ],
      ],
    },
    {
      name: 'lock-without-end',
      fails: ['06.lost.taken-over', '06.crash.expires'],
      why: 'SETNX: the lock of a killed process stands for ever.',
      edits: [["lock, token, 'PX', waitMs, 'NX'", "lock, token, 'NX'"]],
    },
    {
      name: 'map-too-late',
      fails: ['06.one.process'],
      why: 'The promise goes into the Map after the first await: until then a hundred readers have passed.',
      edits: [
        ['export function getOrLoad(', 'export async function getOrLoad('],
        [
          'const there = flights.get(key)',
          `if (flights.has(key)) return flights.get(key);
           const first = parsed(await redis.get(key).catch(() => null))`,
        ],
        [JOIN, 'if (first) return first.value;'],
        [
          `let hit = parsed(await redis.get(key));
           while (!hit && !mine) {
             mine = (await redis.set(lock, token, 'PX', waitMs, 'NX')) === 'OK';
             hit = parsed(await redis.get(key));
             if (!hit && !mine) await pause(10);
           }`,
          `let hit: { value: any } | undefined;
           mine = (await redis.set(lock, token, 'PX', waitMs, 'NX')) === 'OK';
           for (let i = 0; !mine && !hit && i < 3; i++) {
             await pause(5);
             hit = parsed(await redis.get(key));
           }`,
        ],
      ],
    },
    {
      name: 'missing-as-long',
      fails: ['06.nothing.kept'],
      why: 'Keeps "there is nothing" for ttlMs, whatever missingTtlMs says.',
      edits: [['options.missingTtlMs ?? options.ttlMs', 'options.missingTtlMs === 0 ? 0 : options.ttlMs']],
    },
    {
      name: 'needs-redis',
      fails: ['06.down.loads'],
      why: "An error of Redis is the reader's: the cache down, and the game with it.",
      edits: [
        [
          `} catch {
             // Redis does not answer
           }`,
          `} finally {
             // nothing to clear up
           }`,
        ],
      ],
    },
    {
      name: 'never-keeps',
      fails: ['06.miss.kept'],
      why: 'Loads and returns, and forgets to keep.',
      edits: [
        [
          'await redis.eval(KEEP, 2, key, lock, token, JSON.stringify(value), ttl);',
          'if (mine) await release(redis, lock, token);',
        ],
      ],
    },
    {
      name: 'no-jitter',
      fails: ['06.jitter.spread'],
      why: 'Every key lives for exactly ttlMs, so keys made together end together.',
      edits: [['longest * (1 - (options.jitter ?? 0.1) * Math.random())', 'longest * 1']],
    },
    {
      name: 'no-second-look',
      fails: ['06.one.processes'],
      why: 'Gets the lock when the first load is over, and loads again without looking whether the value is there by now.',
      edits: [
        [
          `hit = parsed(await redis.get(key));
           if (!hit && !mine) await pause(10);`,
          'if (!hit && !mine) await pause(10);',
        ],
      ],
    },
    {
      name: 'no-ttl',
      fails: ['06.miss.ttl'],
      why: 'A plain SET: what is kept once is kept for ever.',
      edits: [
        [
          "if ARGV[3] ~= '0' then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end",
          "if ARGV[3] ~= '0' then redis.call('SET', KEYS[1], ARGV[2]) end",
        ],
      ],
    },
    {
      name: 'nothing-without-jitter',
      fails: ['06.jitter.spread'],
      why: 'Values get jitter, "there is nothing" does not.',
      edits: [['options.jitter ?? 0.1', 'value === null ? 0 : (options.jitter ?? 0.1)']],
    },
    {
      name: 'null-is-a-miss',
      fails: ['06.nothing.kept'],
      why: 'Keeps values only: who asks for what does not exist reaches the database every time.',
      edits: [
        [
          'Math.ceil(longest * (1 - (options.jitter ?? 0.1) * Math.random()))',
          'value === null ? 0 : Math.ceil(longest * (1 - (options.jitter ?? 0.1) * Math.random()))',
        ],
      ],
    },
    {
      name: 'one-lock',
      fails: ['06.one.keys'],
      why: 'One lock for all keys: a slow key stops the others.',
      edits: [['lock = `lock:${key}`', "lock = 'lock:cache'"]],
    },
    {
      name: 'one-millisecond',
      fails: ['06.nothing.zero'],
      why: 'A time to live of at least a second: 0 keeps a little.',
      edits: [
        [
          'longest * (1 - (options.jitter ?? 0.1) * Math.random())',
          'Math.max(longest, 1000) * (1 - (options.jitter ?? 0.1) * Math.random())',
        ],
      ],
    },
    {
      name: 'one-promise',
      fails: ['06.one.keys'],
      why: 'One queue for the whole process: readers of other keys wait in line.',
      edits: [
        [
          "import type { Redis } from 'ioredis';",
          `import type { Redis } from 'ioredis';
           let last: Promise<any> = Promise.resolve();`,
        ],
        [
          JOIN,
          `${JOIN}
           const before = last;`,
        ],
        ['fetchValue(redis, key, load, options)', 'before.then(() => fetchValue(redis, key, load, options))'],
        [
          'flights.set(key, shared);',
          `last = flight.catch(() => {});
           flights.set(key, shared);`,
        ],
      ],
    },
    {
      name: 'only-lost-connections',
      fails: ['06.down.full'],
      why: 'Takes a lost connection for a miss, and passes every other error of Redis on.',
      edits: [
        [
          `} catch {
             // Redis does not answer
           }`,
          `} catch (error) {
             if (!/retries|closed|ECONN|EPIPE/.test(String(error))) throw error;
           }`,
        ],
      ],
    },
    {
      name: 'retries-for-each',
      fails: ['06.fail.shared'],
      why: 'Who waited for a load that failed loads again: with MySQL down the readers fall upon it one by one.',
      edits: [[JOIN, 'if (there) return there.catch(() => load());']],
    },
    {
      name: 'same-token',
      fails: ['06.lost.not-mine'],
      why: 'Every process writes the same token into its lock, so everybody takes the lock for its own.',
      edits: [['const token = `${process.pid} ${Math.random()}`;', "const token = 'locked';"]],
    },
    {
      name: 'seconds',
      fails: ['06.miss.ttl'],
      why: 'Takes ttlMs for seconds: an hour becomes six weeks.',
      edits: [
        [
          "if ARGV[3] ~= '0' then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end",
          "if ARGV[3] ~= '0' then redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end",
        ],
      ],
    },
    {
      name: 'set-then-expire',
      fails: ['06.crash.expires'],
      why: 'SET, then PEXPIRE: killed in between, the value never changes again.',
      edits: [
        ["redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end", "redis.call('SET', KEYS[1], ARGV[2]) end"],
        [
          'await redis.eval(KEEP, 2, key, lock, token, JSON.stringify(value), ttl);',
          `await redis.eval(KEEP, 2, key, lock, token, JSON.stringify(value), ttl);
           if (ttl > 0) await redis.pexpire(key, ttl);`,
        ],
      ],
    },
    {
      name: 'stampede-without-redis',
      fails: ['06.down.loads'],
      why: 'One load for all, as long as Redis is there to agree in; without it, each reader loads.',
      edits: [
        ['export function getOrLoad(', 'export async function getOrLoad('],
        [
          JOIN,
          `${JOIN}
           if (redis.status !== 'ready') {
             const up = await redis.ping().then(
               () => true,
               () => false,
             );
             if (!up) return load();
             const joined = flights.get(key);
             if (joined) return joined.then((got) => (got === LOST ? again(joined) : got));
           }`,
        ],
      ],
    },
    {
      name: 'truthy',
      fails: ['06.hit.falsy'],
      why: 'Asks whether the value is truthy: 0, an empty text and false are loaded again and again.',
      edits: [
        [
          'return text === null ? undefined : { value: JSON.parse(text) }',
          `const value = JSON.parse(text ?? 'null');
           return value || text === 'null' ? { value } : undefined`,
        ],
      ],
    },
    {
      name: 'undefined-is-not-kept',
      fails: ['06.nothing.kept'],
      why: 'Tests for null alone: `rows[0]` of no rows is undefined, and JSON.stringify makes no text of it.',
      edits: [
        ['(await load()) ?? null', 'await load()'],
        [
          'value === null ? (options.missingTtlMs ?? options.ttlMs) : options.ttlMs',
          'value == null ? (options.missingTtlMs ?? options.ttlMs) : options.ttlMs',
        ],
        [
          'KEEP, 2, key, lock, token, JSON.stringify(value), ttl',
          'KEEP, 2, key, lock, token, JSON.stringify(value), value === undefined ? 0 : ttl',
        ],
      ],
    },
    {
      name: 'waits-for-redis',
      fails: ['06.down.loads'],
      why: 'Looks again until Redis answers.',
      edits: [
        [
          `let mine = false;
           try {`,
          `let mine = false;
           try {
             let first: string | null | undefined;
             while (first === undefined) first = await redis.get(key).catch(() => undefined);`,
        ],
        ['let hit = parsed(await redis.get(key))', 'let hit = parsed(first)'],
      ],
    },
    {
      name: 'zero-is-not-told',
      fails: ['06.nothing.zero'],
      why: '`missingTtlMs || ttlMs`: 0 is taken for not told.',
      edits: [['(options.missingTtlMs ?? options.ttlMs)', 'options.missingTtlMs || options.ttlMs']],
    },
    {
      name: 'hit-renews',
      fails: ['06.hit.no-load'],
      why: 'Gives a value its whole time to live again with each hit: what is read all the time is never loaded again.',
      edits: [
        [
          'let hit = parsed(await redis.get(key));',
          `let hit = parsed(await redis.getex(key, 'PX', options.ttlMs));`,
        ],
      ],
    },
    {
      name: 'not-a-number-is-nothing',
      fails: ['06.hit.foreign'],
      why: "Takes the NaN that Python's json.dumps writes for null, where it is a text that is no JSON.",
      edits: [['{ value: JSON.parse(text) }', `{ value: JSON.parse(text.replace(/\\bNaN\\b/, 'null')) }`]],
    },
    {
      name: 'nothing-is-no-answer',
      fails: ['06.nothing.zero'],
      why: 'Who waited for a load that found nothing loads again, one after the other, where nothing is kept.',
      edits: [
        [
          '(got === LOST ? again(there) : got)',
          '(got === LOST || (got === null && options.missingTtlMs === 0) ? again(there) : got)',
        ],
      ],
    },
    {
      name: 'lock-in-small-letters',
      fails: ['06.one.keys'],
      why: 'Two keys that differ in case have one lock.',
      edits: [['const lock = `lock:${key}`;', 'const lock = `lock:${key.toLowerCase()}`;']],
    },
    {
      name: 'lock-in-seconds',
      fails: ['06.lost.taken-over'],
      why: 'The lock lives for whole seconds: with waitMs 500 readers wait for a dead process twice as long.',
      edits: [[`'PX', waitMs, 'NX'`, `'EX', Math.ceil(waitMs / 1000), 'NX'`]],
    },
    {
      name: 'token-of-the-process',
      fails: ['06.lost.same-process'],
      why: 'The token is one for the whole process: its late load ends the next one of the same process.',
      edits: [
        [
          `const LOST = Symbol('lost');`,
          `const LOST = Symbol('lost');
const PROCESS = \`\${process.pid} \${Math.random()}\`;`,
        ],
        ['const token = `${process.pid} ${Math.random()}`;', 'const token = PROCESS;'],
      ],
    },
    {
      name: 'doubles-its-pauses',
      fails: ['06.fail.next'],
      why: 'Doubles the pause between two looks without a bound: after a second it sleeps for another.',
      edits: [
        [
          'let mine = false;',
          `let mine = false;
  let delay = 5;`,
        ],
        ['await pause(10);', 'await pause((delay *= 2));'],
      ],
    },
    {
      name: 'polls-whatever-redis-says',
      fails: ['06.down.refuses'],
      why: 'Who waits takes an error of Redis for "not yet", and polls until Redis is well again.',
      edits: [
        [
          'let mine = false;',
          `let mine = false;
  let waited = false;`,
        ],
        [
          'await pause(10);',
          `await pause(10);
      waited = true;`,
        ],
        [
          `mine = (await redis.set(lock, token, 'PX', waitMs, 'NX')) === 'OK';
      hit = parsed(await redis.get(key));`,
          `const [took, text] = await Promise.all([redis.set(lock, token, 'PX', waitMs, 'NX'), redis.get(key)]).catch((error) => {
        if (waited) return [null, null];
        throw error;
      });
      mine = took === 'OK';
      hit = parsed(text);`,
        ],
      ],
    },
    {
      name: 'waits-without-a-lock',
      fails: ['06.down.lost'],
      why: 'Only a load that has the lock can be lost: where Redis refuses, who waits in the process waits for ever.',
      edits: [
        [
          `const LOST = Symbol('lost');`,
          `const LOST = Symbol('lost');
const locked = new Set<string>();`,
        ],
        [
          'const shared = Promise.race([flight, pause(options.waitMs ?? 5000, LOST, { ref: false })]);',
          `const late = pause(options.waitMs ?? 5000, LOST, { ref: false });
  const shared = Promise.race([flight, late.then((lost) => (locked.has(key) ? lost : flight))]);`,
        ],
        [
          `=== 'OK';`,
          `=== 'OK';
      if (mine) locked.add(key);`,
        ],
      ],
    },
    {
      name: 'ends-the-next-flight',
      fails: ['06.down.lost'],
      why: 'A load that was lost takes out of the Map whatever stands there when it ends.',
      edits: [['.finally(() => leave(key, shared))', '.finally(() => flights.delete(key))']],
    },
    {
      name: 'error-of-redis-instead',
      fails: ['06.down.meanwhile'],
      why: 'Where load fails and the lock cannot be given back, the reader gets the error of Redis.',
      edits: [
        [
          'if (mine) await release(redis, lock, token).catch(() => {});',
          'if (mine) await release(redis, lock, token);',
        ],
      ],
    },
  ],
};
