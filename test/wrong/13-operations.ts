import type { WrongSolutions } from '../../kit/prove/kept/wrong-solutions.ts';

export const wrong: WrongSolutions = {
  base: 'answers/13-operations.md',
  solutions: [
    {
      name: 'hits-as-text',
      fails: ['13.stats.read'],
      why: 'INFO is text, and so are its figures.',
      edits: [
        [
          'return readingOf(await infoOf(redis));',
          'const r = readingOf(await infoOf(redis)); return { ...r, hits: String(r.hits) } as never;',
        ],
      ],
    },
    {
      name: 'reads-as-misses',
      fails: ['13.stats.read'],
      why: 'Takes all reads for misses.',
      edits: [
        [
          'return readingOf(await infoOf(redis));',
          'const r = readingOf(await infoOf(redis)); return { ...r, misses: r.hits + r.misses };',
        ],
      ],
    },
    {
      name: 'a-section-at-a-time',
      fails: ['13.stats.one-trip'],
      why: 'Asks for one section after the other.',
      edits: [
        [
          'return readingOf(await infoOf(redis));',
          "await redis.info('server'); return readingOf(await infoOf(redis));",
        ],
      ],
    },
    {
      name: 'since-the-start',
      fails: ['13.rate.interval'],
      why: 'The rate since the start, not of the interval.',
      edits: [
        [
          'const fresh = after.runId !== before.runId || after.hits < before.hits || after.misses < before.misses;',
          'const fresh = before.hits + before.misses < after.hits + after.misses;',
        ],
      ],
    },
    {
      name: 'in-percent',
      fails: ['13.rate.interval'],
      why: 'A percentage where a share is asked for.',
      edits: [
        ['return reads === 0 ? null : hits / reads;', 'return reads === 0 ? null : (100 * hits) / reads;'],
      ],
    },
    {
      name: 'nan',
      fails: ['13.rate.nothing'],
      why: '0 of 0 is NaN.',
      edits: [['return reads === 0 ? null : hits / reads;', 'return hits / reads;']],
    },
    {
      name: 'zero-for-nothing',
      fails: ['13.rate.nothing'],
      why: 'Nothing read looks like nothing found.',
      edits: [['return reads === 0 ? null : hits / reads;', 'return reads === 0 ? 0 : hits / reads;']],
    },
    {
      name: 'subtracts-over-a-restart',
      fails: ['13.rate.restart'],
      why: 'Knows a restart by smaller counts alone.',
      edits: [['after.runId !== before.runId || after.hits', 'after.hits']],
    },
    {
      name: 'no-reset',
      fails: ['13.rate.reset'],
      why: 'Knows that counts began anew by the run id alone.',
      edits: [['|| after.hits < before.hits || after.misses < before.misses', '']],
    },
    {
      name: 'reset-by-hits',
      fails: ['13.rate.reset'],
      why: 'Looks at one of two counts.',
      edits: [['|| after.misses < before.misses', '']],
    },
    {
      name: 'reset-by-misses',
      fails: ['13.rate.reset'],
      why: 'Looks at the other of two counts.',
      edits: [['|| after.hits < before.hits', '']],
    },
    {
      name: 'last-colon',
      fails: ['13.memory.domains'],
      why: 'Takes the last colon for the first.',
      edits: [["one.key.split(':', 1)[0]!", "one.key.split(':').slice(0, -1).join(':') || one.key"]],
    },
    {
      name: 'samples-five',
      fails: ['13.memory.domains'],
      why: 'Lets Redis guess the size of a list.',
      edits: [["sizes.memory('USAGE', key, 'SAMPLES', 0)", "sizes.memory('USAGE', key)"]],
    },
    {
      name: 'share-of-keys',
      fails: ['13.memory.domains'],
      why: 'The share of the number of keys.',
      edits: [
        ['total += one.bytes;', 'total += 1;'],
        ['share: bytes / total', 'share: keys.length / total'],
      ],
    },
    {
      name: 'most-keys-first',
      fails: ['13.memory.domains'],
      why: 'The domain with the most keys first.',
      edits: [
        ['b.bytes - a.bytes || byName(a.domain, b.domain)', 'b.keys - a.keys || byName(a.domain, b.domain)'],
      ],
    },
    {
      name: 'smallest-first',
      fails: ['13.memory.biggest'],
      why: 'Names the smallest keys.',
      edits: [
        [
          'keys.sort(largestFirst).slice(0, biggest)',
          'keys.sort((a, b) => largestFirst(b, a)).slice(0, biggest)',
        ],
      ],
    },
    {
      name: 'always-three',
      fails: ['13.memory.biggest'],
      why: 'Three keys, whatever was asked for.',
      edits: [['.slice(0, biggest)', '.slice(0, 3)']],
    },
    {
      name: 'domains-as-scanned',
      fails: ['13.memory.ties'],
      why: 'Leaves equal domains as SCAN gave them.',
      edits: [
        [
          'b.bytes - a.bytes || byName(a.domain, b.domain)',
          'b.bytes - a.bytes || byName(b.domain, a.domain)',
        ],
      ],
    },
    {
      name: 'keys-as-scanned',
      fails: ['13.memory.ties'],
      why: 'Leaves equal keys in another order.',
      edits: [['b.bytes - a.bytes || byName(a.key, b.key)', 'b.bytes - a.bytes || byName(b.key, a.key)']],
    },
    {
      name: 'keys-star',
      fails: ['13.memory.scan'],
      why: 'KEYS holds up everybody.',
      edits: [
        ["await redis.scan(cursor, 'COUNT', 1000)", "['0', await redis.keys('*')] as [string, string[]]"],
      ],
    },
    {
      name: 'no-count',
      fails: ['13.memory.trips'],
      why: 'SCAN with its default of ten.',
      edits: [["redis.scan(cursor, 'COUNT', 1000)", 'redis.scan(cursor)']],
    },
    {
      name: 'one-by-one',
      fails: ['13.memory.trips'],
      why: 'A round trip for each key.',
      edits: [
        [
          "const sizes = redis.pipeline();\n    for (const key of keys) sizes.memory('USAGE', key, 'SAMPLES', 0);\n    const replies = keys.length > 0 ? ((await sizes.exec()) ?? []) : [];",
          "const replies: [Error | null, unknown][] = [];\n    for (const key of keys) replies.push([null, await redis.memory('USAGE', key, 'SAMPLES', 0)]);",
        ],
      ],
    },
    {
      name: 'first-page',
      fails: ['13.memory.trips'],
      why: 'Stops after the first page.',
      edits: [["while (cursor !== '0');", "while (cursor === 'never');"]],
    },
    {
      name: 'counts-what-is-gone',
      fails: ['13.memory.gone'],
      why: 'A key that is gone counts with 0 bytes.',
      edits: [
        [
          'if (bytes !== null) yield { key: keys[i]!, bytes: bytes as number };',
          'yield { key: keys[i]!, bytes: Number(bytes) };',
        ],
      ],
    },
    {
      name: 'refused-is-gone',
      fails: ['13.memory.refused', '13.diagnose.refused'],
      why: 'Takes an error in a pipeline for a key that is gone.',
      edits: [
        [
          'if (error) throw error;',
          "if (error?.message.startsWith('NOPERM')) continue; if (error) throw error;",
        ],
      ],
    },
    {
      name: 'few-reads',
      fails: ['13.diagnose.healthy'],
      why: 'Judges the hit rate of a few reads.',
      edits: [['hits + misses >= 100', 'hits + misses >= 10']],
    },
    {
      name: 'half-is-low',
      fails: ['13.diagnose.healthy'],
      why: 'Takes half for less than half.',
      edits: [['hits + misses >= 100 && hits < misses', 'hits + misses >= 100 && hits <= misses']],
    },
    {
      name: 'weighs-in-a-transaction',
      fails: ['13.diagnose.full'],
      why: 'A full Redis refuses what MULTI would queue.',
      edits: [['redis.pipeline()', 'redis.multi()']],
    },
    {
      name: 'used-is-full',
      fails: ['13.diagnose.full'],
      why: 'Compares used_memory with maxmemory: a large write is refused before they are equal.',
      edits: [
        ['if (refused > 0) findings', "if (refused > 0 && number('used_memory') >= maxmemory) findings"],
      ],
    },
    {
      name: 'full-under-noeviction',
      fails: ['13.diagnose.full'],
      why: 'Thinks that volatile policies are never full.',
      edits: [['if (refused > 0) findings', "if (refused > 0 && policy === 'noeviction') findings"]],
    },
    {
      name: 'bound-as-text',
      fails: ['13.diagnose.full'],
      why: 'Tells maxmemory as text.',
      edits: [
        [
          'evidence: { refused, maxmemory, policy }',
          'evidence: { refused, maxmemory: String(maxmemory), policy }',
        ],
      ],
    },
    {
      name: 'full-at-the-bound',
      fails: ['13.diagnose.room'],
      why: 'Takes every Redis at its bound for full.',
      edits: [
        [
          'if (refused > 0) findings',
          "if (refused > 0 || (maxmemory > 0 && number('used_memory') >= maxmemory)) findings",
        ],
      ],
    },
    {
      name: 'any-error-is-full',
      fails: ['13.diagnose.healthy'],
      why: 'Counts errors of any kind.',
      edits: [["info.get('errorstat_OOM') ?? '0'", "info.get('total_error_replies') ?? '0'"]],
    },
    {
      name: 'no-bound-is-full',
      fails: ['13.diagnose.healthy'],
      why: 'Takes a maxmemory of 0 for a bound that is reached.',
      edits: [['if (refused > 0) findings', 'if (refused > 0 || maxmemory === 0) findings']],
    },
    {
      name: 'evicting-under-lru',
      fails: ['13.diagnose.evicting'],
      why: 'Looks for evictions under allkeys-lru alone.',
      edits: [['if (evicted > 0) findings', "if (evicted > 0 && policy === 'allkeys-lru') findings"]],
    },
    {
      name: 'expired-is-evicted',
      fails: ['13.diagnose.evicting'],
      why: 'Takes keys that expired for keys that were evicted.',
      edits: [["number('evicted_keys')", "number('expired_keys')"]],
    },
    {
      name: 'looks-first',
      fails: ['13.diagnose.hit-rate'],
      why: 'Its own look at keys counts as reads.',
      edits: [
        [
          'const info = await infoOf(redis);\n  const slow',
          "for (const key of (await redis.scan('0', 'COUNT', 1000))[1]) await redis.type(key);\n  const info = await infoOf(redis);\n  const slow",
        ],
      ],
    },
    {
      name: 'ten-percent',
      fails: ['13.diagnose.hit-rate'],
      why: 'Low is under ten percent.',
      edits: [['hits + misses >= 100 && hits < misses', 'hits + misses >= 100 && hits * 9 < misses']],
    },
    {
      name: 'more-than-a-hundred',
      fails: ['13.diagnose.hit-rate'],
      why: 'Wants more than 100 reads.',
      edits: [['hits + misses >= 100', 'hits + misses > 100']],
    },
    {
      name: 'micros-as-millis',
      fails: ['13.diagnose.slow'],
      why: 'Takes µs for ms.',
      edits: [['slowest[2] >= slowMs * 1000', 'slowest[2] >= slowMs']],
    },
    {
      name: 'newest-for-slowest',
      fails: ['13.diagnose.slow'],
      why: 'Takes the newest entry.',
      edits: [
        [
          '(entry[2] > most[2] ? entry : most), [0, 0, -1,',
          '(entry[0] >= most[0] ? entry : most), [0, 0, -1,',
        ],
      ],
    },
    {
      name: 'slower-than',
      fails: ['13.diagnose.slow'],
      why: 'Exactly slowMs does not count.',
      edits: [['slowest[2] >= slowMs * 1000', 'slowest[2] > slowMs * 1000']],
    },
    {
      name: 'as-typed',
      fails: ['13.diagnose.slow'],
      why: 'The name of the command as somebody typed it.',
      edits: [['slowest[3][0]!.toUpperCase()', 'slowest[3][0]!.toLowerCase()']],
    },
    {
      name: 'ten-entries',
      fails: ['13.diagnose.slow-far'],
      why: 'The ten newest entries.',
      edits: [["redis.slowlog('GET', -1)", "redis.slowlog('GET', 10)"]],
    },
    {
      name: 'first-big-key',
      fails: ['13.diagnose.big-key'],
      why: 'Names the smallest of the big keys.',
      edits: [
        [
          'if (!biggest || largestFirst(one, biggest) < 0) biggest = one;',
          'if (one.bytes >= bigKeyBytes && (!biggest || one.bytes < biggest.bytes)) biggest = one;',
        ],
      ],
    },
    {
      name: 'bigger-than',
      fails: ['13.diagnose.big-key'],
      why: 'Exactly bigKeyBytes does not count.',
      edits: [['biggest.bytes >= bigKeyBytes', 'biggest.bytes > bigKeyBytes']],
    },
    {
      name: 'the-first-trouble',
      fails: ['13.diagnose.several'],
      why: 'Stops at the first trouble.',
      edits: [['return findings;', 'return findings.slice(0, 1);']],
    },
    {
      name: 'another-order',
      fails: ['13.diagnose.several'],
      why: 'Names what it found last first.',
      edits: [['return findings;', 'return findings.reverse();']],
    },
    {
      name: 'away-is-an-error',
      fails: ['13.diagnose.away', '13.diagnose.cut'],
      why: 'Hands on the error of a Redis that is away.',
      edits: [
        ["return [{ trouble: 'unreachable', evidence: { error: said() || message } }];", 'throw error;'],
      ],
    },
    {
      name: 'away-without-a-word',
      fails: ['13.diagnose.away'],
      why: 'Does not say what the client said.',
      edits: [['error: said() || message', "error: ''"]],
    },
    {
      name: 'half-a-look',
      fails: ['13.diagnose.cut'],
      why: 'Tells what it saw before Redis went away.',
      edits: [
        [
          "const slow = (await redis.slowlog('GET', -1)) as",
          "const slow = (await redis.slowlog('GET', -1).catch((error) => { if (error.name === 'ReplyError') throw error; return []; })) as",
        ],
        [
          'for await (const one of keysOf(redis)) if (!biggest || largestFirst(one, biggest) < 0) biggest = one;',
          "try { for await (const one of keysOf(redis)) if (!biggest || largestFirst(one, biggest) < 0) biggest = one; } catch (error) { if ((error as Error).name === 'ReplyError') throw error; }",
        ],
      ],
    },
    {
      name: 'keeps-the-password',
      fails: ['13.diagnose.password'],
      why: 'A login of nothing still gives the password of the client.',
      edits: [['options.login ? { ...nobody, ...options.login } : {}', '{ ...options.login }']],
    },
    {
      name: 'one-for-both',
      fails: ['13.diagnose.password'],
      why: 'A wrong password and none are one trouble.',
      edits: [["trouble: 'wrong-password'", "trouble: 'no-password'"]],
    },
    {
      name: 'no-login',
      fails: ['13.diagnose.login'],
      why: 'Where the password is right, looks as the client of the context.',
      edits: [
        [
          'return await look(own, options);',
          'if (options.login) await own.ping(); return await look(options.login ? redis : own, options);',
        ],
      ],
    },
    {
      name: 'refused-is-away',
      fails: ['13.diagnose.refused', '13.diagnose.login'],
      why: 'Takes any error for an outage.',
      edits: [
        [
          "if (name !== 'ReplyError') return",
          "if (!/^(NOAUTH|WRONGPASS)/.test(message) || name !== 'ReplyError') return",
        ],
      ],
    },
    {
      name: 'slow-log-if-allowed',
      fails: ['13.diagnose.refused'],
      why: 'A slow log that it may not read is an empty one.',
      edits: [
        [
          "const slow = (await redis.slowlog('GET', -1)) as",
          "const slow = (await redis.slowlog('GET', -1).catch((error) => { if (error.name !== 'ReplyError' || !error.message.startsWith('NOPERM')) throw error; return []; })) as",
        ],
      ],
    },
    {
      name: 'leaves-it-open',
      fails: ['13.diagnose.ends'],
      why: 'Never ends its connection.',
      edits: [['own.disconnect();', '']],
    },
    {
      name: 'ends-it-if-all-goes-well',
      fails: ['13.diagnose.ends'],
      why: 'Leaves its connection open where something fails.',
      edits: [
        [
          'return await work(own, () => last);',
          'const value = await work(own, () => last); own.disconnect(); return value;',
        ],
        ['} finally {\n    own.disconnect();\n  }', '} finally {\n    last = "";\n  }'],
      ],
    },
    {
      name: 'guesses',
      fails: ['13.deploy.lines'],
      why: 'Passes what it cannot know.',
      edits: [["ask('Run the tests of the cache service.')", "demand(true, '')"]],
    },
    {
      name: 'always-a-change',
      fails: ['13.deploy.lines'],
      why: 'Says what to change where nothing is to change.',
      edits: [["change: verdict === 'passed' ? '' : change", 'change']],
    },
    {
      name: 'versions-as-text',
      fails: ['13.deploy.version'],
      why: 'Compares versions as texts.',
      edits: [['isAtLeast(version, minimum)', 'version >= minimum']],
    },
    {
      name: 'versions-as-decimals',
      fails: ['13.deploy.version'],
      why: 'Takes a version for a decimal: 7.10 is 7.1.',
      edits: [['isAtLeast(version, minimum)', 'Number.parseFloat(version) >= Number.parseFloat(minimum)']],
    },
    {
      name: 'any-bound',
      fails: ['13.deploy.memory'],
      why: 'Takes 0 for a bound.',
      edits: [["config.get('maxmemory') !== '0'", "config.has('maxmemory')"]],
    },
    {
      name: 'requirepass',
      fails: ['13.deploy.password'],
      why: 'Looks at requirepass alone.',
      edits: [
        [
          'const open = await letsAnybodyIn(redis);',
          "const open = ((await redis.config('GET', 'requirepass')) as string[])[1] === '';",
        ],
      ],
    },
    {
      name: 'password-by-its-own',
      fails: ['13.deploy.password'],
      why: 'Tries with the password of its own connection.',
      edits: [['apart(redis, nobody, async (own)', 'apart(redis, {}, async (own)']],
    },
    {
      name: 'any-slow-log',
      fails: ['13.deploy.monitoring'],
      why: 'Does not look whether anything is logged.',
      edits: [
        ["Number(config.get('slowlog-log-slower-than')) < 0", "config.get('slowlog-log-slower-than') === ''"],
      ],
    },
    {
      name: 'any-length',
      fails: ['13.deploy.monitoring'],
      why: 'Does not look whether anything is kept.',
      edits: [["&& config.get(log) !== '0'", '']],
    },
    {
      name: 'snapshots-alone',
      fails: ['13.deploy.backup'],
      why: 'Does not know the append-only file.',
      edits: [["|| config.get('appendonly') === 'yes'", '']],
    },
    {
      name: 'appends-alone',
      fails: ['13.deploy.backup'],
      why: 'Does not know snapshots.',
      edits: [["config.get('save') !== '' || ", '']],
    },
    {
      name: 'a-file-is-a-backup',
      fails: ['13.deploy.backup'],
      why: 'Takes persistence for a backup.',
      edits: [["? ask('Look for a copy on another machine, and restore it once.')", "? demand(true, '')"]],
    },
    {
      name: 'at-once',
      fails: ['13.deploy.hit-rate'],
      why: 'Judges the hit rate of the first minutes.',
      edits: [['aged && hits + misses > 0', 'hits + misses > 0']],
    },
    {
      name: 'seventy-will-do',
      fails: ['13.deploy.hit-rate'],
      why: 'Exactly 70 % passes.',
      edits: [['> 0.7', '>= 0.7']],
    },
    {
      name: 'nothing-is-low',
      fails: ['13.deploy.hit-rate'],
      why: 'Nothing read counts as a low rate.',
      edits: [['aged && hits + misses > 0', 'aged']],
    },
  ],
};
