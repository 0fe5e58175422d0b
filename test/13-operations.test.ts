import { isDeepStrictEqual } from 'node:util';
import type { Redis } from 'ioredis';
import { withoutRights } from '../kit/judge/rights.ts';
import { recordsOf } from '../kit/judge/shapes.ts';
import { thrownBy } from '../kit/judge/thrown-by.ts';
import { withConfig } from '../kit/judge/with-config.ts';
import { checksOf } from '../src/checks.ts';
import type { Finding, Operations } from '../src/contracts/operations.ts';
import { between } from './support/between.ts';
import { moreConnections, openConnections } from './support/open-connections.ts';
import { infoField, operated, reads, slowLog, weigh } from './support/operated-redis.ts';

const check = checksOf<Operations>('13-operations');
type Fixtures = Parameters<Parameters<typeof check>[3]>[0];

const reading = (runId: string, hits: number, misses: number) => ({ runId, hits, misses });

/** Nothing is wrong, and it is said so. What disturbs it comes after this. */
const healthy = ({ lab, undisturbed, expect }: Fixtures, without: string) =>
  undisturbed({ see: '13.diagnose.healthy', without }, async () => {
    expect(await lab.diagnose(), 'Nothing is wrong here').toEqual([]);
  });

/** The keys of a small shop, of three domains and one without a colon. */
async function shop(redis: Redis, { from, sessions }: { from: number; sessions: number }) {
  for (let i = 0; i < sessions; i++) await redis.set(`session:${from + i}:cart`, 'x'.repeat(1_000 * (i + 1)));
  await redis.hset(`env:${from}`, { a: '1', b: '2' });
  await redis.set('motd', 'y'.repeat(50_000));
  await redis.rpush(
    `queue:${from}`,
    ...Array.from({ length: 60 }, (_, i) => 'z'.repeat(i < 6 ? 20_000 : 9_000)),
  );
  const rows = [];
  for (const domain of ['session', 'env', 'motd', 'queue']) {
    const keys = (await redis.keys('*')).filter((key) => key.split(':')[0] === domain);
    const biggest = [];
    for (const key of keys) biggest.push({ key, bytes: await weigh(redis, key) });
    biggest.sort((a, b) => b.bytes - a.bytes || (a.key < b.key ? -1 : 1));
    rows.push({
      domain,
      keys: keys.length,
      bytes: biggest.reduce((sum, { bytes }) => sum + bytes, 0),
      biggest,
    });
  }
  return rows.sort((a, b) => b.bytes - a.bytes);
}

// Hit rate

check(
  '13.stats.read',
  'readStats() resolves to run id, hits and misses as INFO tells them',
  3,
  async ({ lab, redis, draw, expect }) => {
    const counts = { hits: draw.int(20, 60), misses: draw.int(70, 99) };
    await operated(redis, async () => {
      await reads(redis, counts);
      const runId = await infoField(redis, 'run_id');
      expect(
        await lab.readStats(),
        `There were ${counts.hits} hits and ${counts.misses} misses since the counts began: keyspace_hits and keyspace_misses, as numbers, and run_id`,
      ).toEqual({ runId, ...counts });
    });
  },
);

check('13.stats.one-trip', 'readStats() takes one round trip', 2, async ({ lab, redis, tap, expect }) => {
  await operated(redis, async () => {
    await lab.readStats();
    tap.redis.holdMs = 5;
    tap.meter.reset();
    await lab.readStats();
    const { trips } = tap.meter;
    expect(trips > 0, 'Nothing reached Redis: counts of a moment ago are no counts').toBe(true);
    expect(trips <= 1, `It took ${trips} round trips: one INFO holds it all`).toBe(true);
  });
});

/** A share to six places, as quotients differ in the last ones; whatever is no number stays as it is. */
const rounded = (share: unknown): unknown =>
  typeof share === 'number' ? Math.round(share * 1e6) / 1e6 : share;

check(
  '13.rate.interval',
  'hitRate() is the share of the reads between two readings',
  4,
  async ({ lab, draw, expect }) => {
    const [hits, misses] = [draw.int(30, 90), draw.int(5, 25)];
    const before = reading('a', draw.int(1_000, 9_000), draw.int(100, 900));
    const after = reading('a', before.hits + hits, before.misses + misses);
    expect(
      rounded(await lab.hitRate({ before, after })),
      `Between the readings there were ${hits} hits and ${misses} misses: subtract, and give a share from 0 to 1`,
    ).toBe(rounded(hits / (hits + misses)));
    const onlyMisses = reading('a', before.hits, before.misses + misses);
    expect(await lab.hitRate({ before, after: onlyMisses }), `Only ${misses} misses: the rate is 0`).toBe(0);
  },
);

check('13.rate.nothing', 'hitRate() is null where nothing was read', 2, async ({ lab, draw, expect }) => {
  const before = reading('a', draw.int(10, 90), draw.int(10, 90));
  const sentence = 'Nothing was read between the readings: that is null, neither NaN nor a rate of 0';
  expect(await lab.hitRate({ before, after: { ...before } }), sentence).toBe(null);
  const restarted = 'Redis was started again, and nothing was read since: null';
  expect(await lab.hitRate({ before, after: reading('b', 0, 0) }), restarted).toBe(null);
});

check(
  '13.rate.restart',
  'hitRate() counts from 0 after a restart',
  3,
  async ({ lab, draw, undisturbed, expect }) => {
    const before = reading('a', draw.int(10, 20), draw.int(10, 20));
    const after = reading('b', before.hits + draw.int(50, 90), before.misses + draw.int(5, 9));
    await undisturbed({ see: '13.rate.interval', without: 'a restart' }, async () => {
      const [hits, misses] = [after.hits - before.hits, after.misses - before.misses];
      const rate = await lab.hitRate({ before, after: { ...after, runId: 'a' } });
      expect(rounded(rate), 'The share of the interval').toBe(rounded(hits / (hits + misses)));
    });
    expect(
      rounded(await lab.hitRate({ before, after })),
      `Redis was started between the readings (another runId): all of its ${after.hits} hits and ${after.misses} misses are new, although both are more than before`,
    ).toBe(rounded(after.hits / (after.hits + after.misses)));
  },
);

check(
  '13.rate.reset',
  'hitRate() counts from 0 after CONFIG RESETSTAT',
  3,
  async ({ lab, draw, undisturbed, expect }) => {
    const before = reading('a', draw.int(500, 900), draw.int(50, 90));
    await undisturbed({ see: '13.rate.interval', without: 'CONFIG RESETSTAT' }, async () => {
      const rate = await lab.hitRate({ before, after: reading('a', before.hits + 3, before.misses + 1) });
      expect(rounded(rate), 'The share of the interval').toBe(rounded(0.75));
    });
    const [few, many] = [draw.int(1, 9), draw.int(100, 200)];
    for (const [hits, misses] of [
      [few, before.misses + many],
      [before.hits + many, few],
    ] as const)
      expect(
        rounded(await lab.hitRate({ before, after: reading('a', hits, misses) })),
        `Before: ${before.hits} hits, ${before.misses} misses. After: ${hits} and ${misses}, of the same run. One of them is smaller, so both began at 0 meanwhile`,
      ).toBe(rounded(hits / (hits + misses)));
  },
);

// Memory

check(
  '13.memory.domains',
  'memoryReport() adds up keys, bytes and shares of each domain',
  5,
  async ({ lab, redis, draw, expect }) => {
    expect(await lab.memoryReport(), 'Redis is empty: the report is []').toEqual([]);
    const rows = await shop(redis, { from: draw.int(10, 900), sessions: draw.int(4, 9) });
    const total = rows.reduce((sum, { bytes }) => sum + bytes, 0);
    const got = recordsOf(await lab.memoryReport(), 'What memoryReport() gives');
    const without = (row: object) => ({ ...row, biggest: undefined, share: undefined });
    expect(
      got.map(without),
      'The domain is all before the first colon. Bytes are those of MEMORY USAGE key SAMPLES 0 (without it Redis looks at five elements of a list and guesses), and the domain with the most comes first',
    ).toEqual(rows.map(without));
    for (const [i, { bytes, domain }] of rows.entries())
      expect(
        rounded(got[i]?.share),
        `${domain} has ${bytes} of ${total} bytes: the share is of the bytes, from 0 to 1`,
      ).toBe(rounded(bytes / total));
  },
);

check(
  '13.memory.biggest',
  'memoryReport() names the biggest keys of each domain',
  3,
  async ({ lab, redis, draw, expect }) => {
    const rows = await shop(redis, { from: draw.int(10, 900), sessions: draw.int(5, 9) });
    for (const biggest of [undefined, 1, 4]) {
      const got = recordsOf(
        await lab.memoryReport(biggest === undefined ? {} : { biggest }),
        'What memoryReport() gives',
      );
      expect(
        got.map((row) => row.biggest),
        `The ${biggest ?? 3} biggest keys of each domain, the largest first, each as { key, bytes }`,
      ).toEqual(rows.map((row) => row.biggest.slice(0, biggest ?? 3)));
    }
  },
);

check(
  '13.memory.ties',
  'memoryReport() has equal sums stand by name',
  2,
  async ({ lab, redis, draw, expect }) => {
    const at = draw.int(10, 90);
    for (const domain of ['bb', 'aa', 'cc'])
      for (const id of [at + 2, at, at + 1]) await redis.set(`${domain}:${id}`, 'same');
    const got = recordsOf(await lab.memoryReport(), 'What memoryReport() gives');
    expect(
      got.map(({ domain }) => domain),
      'The three domains cost the same: they stand by name',
    ).toEqual(['aa', 'bb', 'cc']);
    const names = got.map(({ biggest }) => recordsOf(biggest, 'The biggest keys').map(({ key }) => key));
    const expected = ['aa', 'bb', 'cc'].map((domain) => [
      `${domain}:${at}`,
      `${domain}:${at + 1}`,
      `${domain}:${at + 2}`,
    ]);
    expect(names, 'All keys of a domain cost the same: they stand by name').toEqual(expected);
  },
);

check(
  '13.memory.scan',
  'memoryReport() does without KEYS',
  3,
  async ({ lab, redis, undisturbed, expect }) => {
    await redis.mset('env:1', 'a', 'env:2', 'b');
    const twoKeys = async () => {
      const [row] = recordsOf(await lab.memoryReport(), 'What memoryReport() gives');
      expect(row?.keys, 'Redis holds env:1 and env:2').toBe(2);
    };
    await undisturbed({ see: '13.memory.domains', without: 'a Redis that forbids KEYS' }, twoKeys);
    const error = await withoutRights(redis, '-keys', () => thrownBy(twoKeys()));
    expect(
      error === undefined,
      'Redis forbids KEYS here, and memoryReport() fails: KEYS holds up everybody until it has all names. Use SCAN',
    ).toBe(true);
  },
);

check(
  '13.memory.trips',
  'memoryReport() takes few round trips for many keys',
  4,
  async ({ lab, redis, tap, draw, expect }) => {
    const keys = draw.int(4_000, 5_000);
    await redis.mset(...Array.from({ length: keys }, (_, i) => [`key${i % 7}:${i}`, 'v']).flat());
    tap.redis.holdMs = 5;
    tap.meter.reset();
    const rows = recordsOf(await lab.memoryReport(), 'What memoryReport() gives');
    const { trips } = tap.meter;
    const sum = rows.reduce((all, row) => all + Number(row.keys), 0);
    expect(sum, `Redis holds ${keys} keys, each of which counts once`).toBe(keys);
    const most = Math.floor(keys / 250) + 5;
    expect(
      trips <= most,
      `${trips} round trips for ${keys} keys, where ${most} are allowed: give SCAN a COUNT, and send the MEMORY USAGE of a page in one pipeline`,
    ).toBe(true);
  },
);

check(
  '13.memory.gone',
  'memoryReport() leaves out a key that goes meanwhile',
  3,
  async ({ lab, redis, tap, draw, undisturbed, expect }) => {
    const ids = Array.from({ length: draw.int(3, 6) }, (_, i) => i);
    for (const id of ids) await redis.set(`env:${id}`, 'here');
    const look = async () => recordsOf(await lab.memoryReport(), 'What memoryReport() gives');
    await undisturbed({ see: '13.memory.domains', without: 'a key that goes' }, async () => {
      expect((await look()).map((row) => row.keys)).toEqual([ids.length]);
    });
    await redis.set('late:1', 'gone soon');
    const [each, late] = [await weigh(redis, 'env:1'), await weigh(redis, 'late:1')];
    const all = ids.length;
    // Who weighs a page in the step that names it sees the keys as they were.
    const before = [
      { domain: 'env', keys: all, bytes: each * all },
      { domain: 'late', keys: 1, bytes: late },
    ];
    const { value } = await between({ tap, redis }, 1, {
      call: look,
      step: () => redis.del('late:1', 'env:0'),
    });
    const got = value.map(({ domain, keys, bytes }) => ({ domain, keys, bytes }));
    const sentence =
      'Two keys went after SCAN had named them: MEMORY USAGE says null of them. They do not count, and a domain without a key is none';
    if (!isDeepStrictEqual(got, before))
      expect(got, sentence).toEqual([{ domain: 'env', keys: all - 1, bytes: each * (all - 1) }]);
  },
);

check(
  '13.memory.refused',
  'memoryReport() rejects where Redis refuses to weigh a key',
  2,
  async ({ lab, redis, undisturbed, expect }) => {
    await redis.set('env:1', 'a');
    await undisturbed({ see: '13.memory.domains', without: 'an error of Redis' }, async () => {
      expect(recordsOf(await lab.memoryReport(), 'What memoryReport() gives')).toHaveLength(1);
    });
    const error = await withoutRights(redis, '-memory', () => thrownBy(lab.memoryReport()));
    expect(
      error !== undefined,
      'Redis refused MEMORY USAGE, and memoryReport() resolved: a pipeline does not reject, each of its replies may hold an error',
    ).toBe(true);
  },
);

// Diagnosis

check(
  '13.diagnose.healthy',
  'diagnose() finds nothing wrong with a healthy Redis',
  3,
  async ({ lab, redis, draw, expect }) => {
    await operated(redis, async () => {
      await shop(redis, { from: draw.int(10, 900), sessions: draw.int(4, 9) });
      await redis.flushdb();
      await redis.set('env:1', 'x'.repeat(draw.int(1_000, 9_000)), 'EX', 600);
      const wrongType = () => redis.lpush('env:1', 'x').catch(() => {});
      const same = draw.int(50, 80);
      for (const [hits, misses, what] of [
        [0, 99, '99 misses are too few reads to say anything'],
        [same, same, 'Half of the reads found something: low is less than half'],
      ] as const) {
        await redis.config('RESETSTAT');
        await reads(redis, { hits, misses });
        await wrongType(); // an error, and none of memory
        expect(await lab.diagnose(), `Nothing is wrong: []. ${what}`).toEqual([]);
      }
      await withConfig(redis, { maxmemory: '0' }, async () => {
        expect(await lab.diagnose(), 'A maxmemory of 0 is no bound: Redis is not full').toEqual([]);
      });
      await withConfig(redis, { 'maxmemory-policy': 'volatile-lru' }, async () => {
        expect(await lab.diagnose(), 'There is room: a policy by itself is no trouble').toEqual([]);
      });
    });
  },
);

check(
  '13.diagnose.full',
  'diagnose() finds a Redis that takes no more',
  4,
  async ({ lab, redis, draw, expect }) => {
    await operated(redis, async () => {
      for (const policy of ['noeviction', 'volatile-lru', 'volatile-ttl', 'volatile-random']) {
        const maxmemory = Number(await infoField(redis, 'used_memory')) + draw.int(400_000, 600_000);
        await redis.config('RESETSTAT');
        await withConfig(redis, { 'maxmemory-policy': policy, maxmemory: String(maxmemory) }, async () => {
          const refused = draw.int(11, 15);
          await fill(redis, refused);
          const found = [{ trouble: 'full', evidence: { refused, maxmemory, policy } }];
          const sentence = `Redis refused ${refused} writes (OOM) under ${policy}, as no key has a time to live`;
          expect(await lab.diagnose(), `${sentence}: errorstat_OOM of INFO counts them`).toEqual(found);
          await redis.del('filler:0', 'filler:1', 'filler:2');
          expect(
            await lab.diagnose(),
            `${sentence}. Some keys are gone since, but it did refuse them`,
          ).toEqual(found);
        });
        await redis.flushdb();
      }
    });
  },
);

/** Writes until Redis refuses, and that many times in all. */
async function fill(redis: Redis, refusals: number): Promise<void> {
  let refused = 0;
  for (let i = 0; refused < refusals; i++) {
    if (i > 1_000) throw new Error('Redis does not fill up.');
    await redis.set(`filler:${i}`, 'x'.repeat(50_000)).catch((error: Error) => {
      if (!error.message.startsWith('OOM')) throw error;
      refused++;
    });
  }
}

check(
  '13.diagnose.evicting',
  'diagnose() finds evictions under each policy',
  4,
  async ({ lab, redis, expect }) => {
    await operated(redis, async () => {
      for (const policy of ['allkeys-lru', 'allkeys-lfu', 'allkeys-random', 'volatile-lru', 'volatile-ttl']) {
        await redis.config('RESETSTAT');
        const evicted = await evictedKeys(redis, policy);
        await withConfig(redis, { 'maxmemory-policy': policy }, async () => {
          const sentence = `Redis evicted ${evicted} keys under ${policy} and has room again: evicted_keys says so`;
          expect(await lab.diagnose(), sentence).toEqual([
            { trouble: 'evicting', evidence: { evicted, policy } },
          ]);
        });
        await redis.flushdb();
      }
    });
  },
);

/** Has Redis evict some of its keys for want of room, and gives it room again. No write is refused. */
async function evictedKeys(redis: Redis, policy: string): Promise<number> {
  const filling = redis.pipeline();
  for (let i = 0; i < 2_000; i++) filling.set(`env:${i}`, 'x'.repeat(60), 'EX', 600);
  await filling.exec();
  const bound = Number(await infoField(redis, 'used_memory')) - 40_000;
  await withConfig(redis, { 'maxmemory-policy': policy, maxmemory: String(bound) }, () => redis.ping());
  const evicted = Number(await infoField(redis, 'evicted_keys'));
  if (evicted === 0) throw new Error(`Redis evicted nothing under ${policy}.`);
  return evicted;
}

check(
  '13.diagnose.room',
  'diagnose() calls no Redis full whose keys may go',
  3,
  async ({ lab, redis, draw, expect }) => {
    await operated(redis, async () => {
      for (const policy of ['volatile-lru', 'allkeys-lru']) {
        const filling = redis.pipeline();
        for (let i = 0; i < 4_000; i++) filling.set(`env:${i}`, 'x'.repeat(60), 'EX', 600);
        await filling.exec();
        const bound = Number(await infoField(redis, 'used_memory')) - draw.int(30_000, 60_000);
        await withConfig(redis, { 'maxmemory-policy': policy, maxmemory: String(bound) }, async () => {
          const found = recordsOf(await lab.diagnose(), 'What diagnose() gives');
          await redis.set('env:more', 'taken');
          const used = Number(await infoField(redis, 'used_memory'));
          const sentence = `All of maxmemory is used (${used} of ${bound} bytes), and Redis takes every write: under ${policy} it lets go keys that have a time to live. That is evicting, not full`;
          expect(
            found.map(({ trouble }) => trouble),
            sentence,
          ).toEqual(['evicting']);
        });
        await redis.flushdb();
      }
    });
  },
);

check(
  '13.diagnose.hit-rate',
  'diagnose() finds a hit rate under a half',
  4,
  async ({ lab, redis, draw, expect }) => {
    await operated(redis, async () => {
      for (let i = 0; i < 20; i++) await redis.hset(`env:${i}`, { a: '1' });
      const few = draw.int(5, 30);
      for (const [hits, misses] of [
        [few, 100 - few],
        [0, draw.int(100, 200)],
        [199, 200],
      ] as const) {
        await redis.config('RESETSTAT');
        await reads(redis, { hits, misses });
        const sentence = `There were ${hits} hits and ${misses} misses. Read the counts before you look at keys: TYPE or STRLEN count as reads`;
        expect(await lab.diagnose(), sentence).toEqual([
          { trouble: 'low-hit-rate', evidence: { hits, misses } },
        ]);
      }
    });
  },
);

check(
  '13.diagnose.slow',
  'diagnose() finds the slowest command of the slow log',
  4,
  async ({ lab, redis, draw, expect }) => {
    await operated(redis, async () => {
      const evidence = await slowLog(redis, { values: draw.int(20_000, 30_000) });
      const { command, micros } = evidence;
      const found = [{ trouble: 'slow-command', evidence }];
      const least = `The slow log holds ${command}, which took ${micros} µs, among quicker ones. SLOWLOG tells µs, slowMs is in ms`;
      expect(await lab.diagnose({ slowMs: micros / 2_000 }), least).toEqual(found);
      expect(await lab.diagnose({ slowMs: micros / 1_000 }), `Exactly slowMs is slow. ${least}`).toEqual(
        found,
      );
      const more = `All in the slow log took ${micros} µs or less, and slowMs is twice that: nothing is slow`;
      expect(await lab.diagnose({ slowMs: micros / 500 }), more).toEqual([]);
    });
  },
);

check(
  '13.diagnose.slow-far',
  'diagnose() looks at all of the slow log',
  2,
  async ({ lab, redis, draw, expect }) => {
    await operated(redis, async () => {
      const evidence = await slowLog(redis, { values: draw.int(20_000, 30_000), quick: 60 });
      const findings = await lab.diagnose({ slowMs: evidence.micros / 1_000 });
      const sentence =
        'More than 60 quicker commands came after the slow one: SLOWLOG GET gives ten, unless it is told how many';
      expect(findings, sentence).toEqual([{ trouble: 'slow-command', evidence }]);
    });
  },
);

check('13.diagnose.big-key', 'diagnose() finds the biggest key', 3, async ({ lab, redis, draw, expect }) => {
  await operated(redis, async () => {
    const length = draw.int(2_100_000, 2_500_000);
    const keys = ['report:1', 'report:2', 'report:3', 'report:4'];
    let bytes = 0;
    let found: Finding[] = [];
    // Each is the biggest in turn: in whatever order Redis names them, it is not always the first or the last.
    for (const key of keys) {
      for (const other of keys) await redis.set(other, 'x'.repeat(other === key ? length : 1_050_000));
      bytes = await weigh(redis, key);
      found = [{ trouble: 'big-key', evidence: { key, bytes } }];
      const sentence = 'Four keys weigh more than 1,000,000 bytes: name the biggest';
      expect(await lab.diagnose(), sentence).toEqual(found);
    }
    expect(
      await lab.diagnose({ bigKeyBytes: bytes }),
      `It weighs exactly bigKeyBytes, ${bytes}: that is big`,
    ).toEqual(found);
    expect(await lab.diagnose({ bigKeyBytes: bytes + 1 }), `No key weighs ${bytes + 1} bytes`).toEqual([]);
  });
});

check(
  '13.diagnose.several',
  'diagnose() names all that is wrong, in order',
  3,
  async ({ lab, redis, draw, expect }) => {
    await operated(redis, async () => {
      const { micros } = await slowLog(redis, { values: 20_000 });
      await evictedKeys(redis, 'volatile-ttl');
      await reads(redis, { hits: 10, misses: draw.int(100, 200) });
      await redis.flushdb();
      await redis.set('env:big', 'x'.repeat(1_100_000));
      const bound = Number(await infoField(redis, 'used_memory')) + 400_000;
      await withConfig(redis, { maxmemory: String(bound) }, () => fill(redis, 1));
      const found = recordsOf(await lab.diagnose({ slowMs: micros / 1_000 }), 'What diagnose() gives');
      const order = ['full', 'evicting', 'low-hit-rate', 'slow-command', 'big-key'];
      const sentence =
        'Everything was wrong at once with this Redis. Name all of it, in the order of the contract';
      expect(
        found.map(({ trouble }) => trouble),
        sentence,
      ).toEqual(order);
    });
  },
);

check('13.diagnose.away', 'diagnose() finds a Redis that is away', 3, async (given) => {
  const { lab, redis, tap, expect } = given;
  await operated(redis, async () => {
    await healthy(given, 'an outage');
    tap.redis.refuse(100_000);
    tap.redis.disconnectAll();
    const found = recordsOf(await lab.diagnose(), 'What diagnose() gives');
    const sentence =
      'Nothing answers. That is what diagnose() is asked to find: unreachable, and nothing else';
    expect(found, sentence).toMatchObject([{ trouble: 'unreachable' }]);
    const { error } = (found[0]?.evidence ?? {}) as { error?: unknown };
    expect(typeof error === 'string' && error !== '', 'evidence.error is what the client said').toBe(true);
  });
});

check('13.diagnose.cut', 'diagnose() finds a Redis that goes away meanwhile', 3, async (given) => {
  const { lab, redis, tap, expect } = given;
  await operated(redis, async () => {
    await redis.set('env:1', 'x');
    await reads(redis, { hits: 0, misses: 120 });
    await given.undisturbed({ see: '13.diagnose.hit-rate', without: 'an outage' }, async () => {
      expect(await lab.diagnose()).toMatchObject([{ trouble: 'low-hit-rate' }]);
    });
    for (const n of [1, 2, 3]) {
      const cut = tap.redis.cutAfter(n);
      const found = await lab.diagnose();
      cut.restore();
      const sentence = `Redis went away at the command number ${n}. Half a look is no diagnosis: unreachable, and nothing else`;
      expect(found, sentence).toMatchObject([{ trouble: 'unreachable' }]);
    }
  });
});

check('13.diagnose.password', 'diagnose() tells no password from a wrong one', 4, async (given) => {
  const { lab, redis, draw, expect } = given;
  await operated(redis, async () => {
    await healthy(given, 'a login that fails');
    const none = recordsOf(await lab.diagnose({ login: {} }), 'What diagnose() gives');
    const noauth =
      'The application logs in with nothing ({}), and Redis says NOAUTH. Does your connection still give the password of the client it was made from?';
    const says = (begin: string) => ({ error: expect.stringMatching(new RegExp(`^${begin}`)) });
    expect(none, noauth).toEqual([{ trouble: 'no-password', evidence: says('NOAUTH') }]);
    const login = { username: 'student', password: `old-${draw.int(1_000, 9_999)}` };
    const wrong = recordsOf(await lab.diagnose({ login }), 'What diagnose() gives');
    const wrongpass =
      'The application logs in with a password that Redis does not know, and Redis says WRONGPASS';
    expect(wrong, wrongpass).toEqual([{ trouble: 'wrong-password', evidence: says('WRONGPASS') }]);
  });
});

check('13.diagnose.login', 'diagnose() looks with the login it is given', 2, async (given) => {
  const { lab, redis, draw, expect } = given;
  const login = { username: 'operator', password: `p-${draw.int(100_000, 999_999)}` };
  const rights = [
    'on',
    `>${login.password}`,
    '~*',
    '+@read',
    '+@connection',
    '+@scripting',
    '+info',
    '+slowlog|get',
    '+config|get',
  ];
  await operated(redis, async () => {
    await healthy(given, 'another login');
    try {
      await redis.call('ACL', 'SETUSER', login.username, ...rights);
      expect(await lab.diagnose({ login }), 'The login is right, and nothing is wrong').toEqual([]);
      await redis.call('ACL', 'SETUSER', login.username, '-info');
      const error = await thrownBy(lab.diagnose({ login }));
      const sentence =
        'The user of the login may not ask INFO, and nobody met that: log in as you are told, not as the client of the context does';
      expect(error !== undefined, sentence).toBe(true);
    } finally {
      await redis.call('ACL', 'DELUSER', login.username);
    }
  });
});

check('13.diagnose.refused', 'diagnose() rejects where Redis does not let it look', 3, async (given) => {
  const { lab, redis, expect } = given;
  await operated(redis, async () => {
    await redis.set('env:1', 'x');
    await healthy(given, 'an error of Redis');
    for (const [rights, what] of [
      ['-slowlog', 'SLOWLOG'],
      ['-info', 'INFO'],
      ['-memory', 'MEMORY USAGE'],
    ] as const) {
      const error = await withoutRights(redis, rights, () => thrownBy(lab.diagnose()));
      const sentence = `Redis refused ${what} (NOPERM), and diagnose() resolved: who may not look does not know that all is well`;
      expect(error !== undefined, sentence).toBe(true);
    }
  });
});

check('13.diagnose.ends', 'diagnose() ends its connection, whatever happens', 3, async (given) => {
  const { lab, redis, expect } = given;
  await operated(redis, async () => {
    await healthy(given, 'a second call');
    const before = await openConnections(redis);
    for (let i = 0; i < 5; i++) await lab.diagnose();
    const left = await moreConnections(redis, before);
    expect(left <= 1, `Five calls left ${left} connections open: end yours with the call`).toBe(true);
    await withoutRights(redis, '-info', async () => {
      for (let i = 0; i < 5; i++) await thrownBy(lab.diagnose());
    });
    const after = await moreConnections(redis, before);
    expect(after <= 1, `Five calls that failed left ${after} connections open: end yours in a finally`).toBe(
      true,
    );
  });
});

// The deployment list

const line = async (
  { lab, expect }: Fixtures,
  number: number,
  options?: { minimum?: string; afterDays?: number },
) => {
  const lines = recordsOf(await lab.checkDeployment(options ?? {}), 'What checkDeployment() gives');
  const { verdict, change } = lines[number - 1] ?? {};
  const says = verdict === 'passed' || (typeof change === 'string' && change !== '');
  expect(says, `Line ${number} did not pass: say what to change, or whom to ask`).toBe(true);
  return { verdict, change };
};

check(
  '13.deploy.lines',
  'checkDeployment() has eleven lines, and does not guess',
  3,
  async ({ lab, redis, expect }) => {
    await operated(redis, async () => {
      const lines = recordsOf(await lab.checkDeployment(), 'What checkDeployment() gives');
      const numbers = Array.from({ length: 11 }, (_, i) => i + 1);
      expect(
        lines.map(({ number }) => number),
        'The lines 1 to 11, in their order',
      ).toEqual(numbers);
      expect(lines[3]?.verdict, 'Line 4: the client is what asks').toBe('passed');
      for (const number of [5, 6, 9, 10])
        expect(lines[number - 1]?.verdict, `Line ${number} is about the application: no Redis can tell`).toBe(
          'cannot-tell',
        );
      for (const { number, verdict, change } of lines) {
        const said = typeof change === 'string' && change !== '';
        if (verdict === 'passed') expect(change, `Line ${number} passed: nothing to change, ''`).toBe('');
        else expect(said, `Line ${number} did not pass: say what to change, or whom to ask`).toBe(true);
      }
    });
  },
);

check('13.deploy.version', 'checkDeployment() compares versions number by number', 3, async (given) => {
  const { redis, expect } = given;
  await operated(redis, async () => {
    const version = await infoField(redis, 'redis_version');
    const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
    const cases: [string, 'passed' | 'failed'][] = [
      [version, 'passed'],
      [`${major}.${minor}`, 'passed'],
      [`${major - 1}.99`, 'passed'],
      [`${major}.${minor}.${patch + 1}`, 'failed'],
      [`${major}.${minor + 1}`, 'failed'],
      [`${major + 1}.0`, 'failed'],
      [`${major}0.0`, 'failed'],
      ['6.10.100', 'passed'],
      ['9.0', major >= 9 ? 'passed' : 'failed'],
      ['10.0', major >= 10 ? 'passed' : 'failed'],
    ];
    const usual = await line(given, 1, { minimum: '7.2' });
    expect((await line(given, 1)).verdict, 'The minimum is 7.2 where none is given').toBe(usual.verdict);
    for (const [minimum, verdict] of cases) {
      const got = await line(given, 1, { minimum });
      expect(got.verdict, `This is Redis ${version}, and the minimum is ${minimum}`).toBe(verdict);
    }
  });
});

check('13.deploy.memory', 'checkDeployment() asks for a bound of the memory', 2, async (given) => {
  const { redis, expect } = given;
  await operated(redis, async () => {
    expect((await line(given, 2)).verdict, 'maxmemory is set').toBe('passed');
    await withConfig(redis, { maxmemory: '0' }, async () => {
      const change = expect.stringContaining('maxmemory');
      expect(await line(given, 2), 'maxmemory is 0').toMatchObject({ verdict: 'failed', change });
    });
  });
});

check('13.deploy.password', 'checkDeployment() tries to come in without a password', 3, async (given) => {
  const { redis, expect } = given;
  await operated(redis, async () => {
    const asked =
      'A connection without a login gets NOAUTH: a password is set. requirepass is empty, as users of an ACL have passwords of their own';
    expect((await line(given, 3)).verdict, asked).toBe('passed');
    try {
      await redis.call('ACL', 'SETUSER', 'default', 'on', 'nopass', '+ping', '+info');
      const open = 'A connection without a login is answered: anybody gets in';
      expect((await line(given, 3)).verdict, open).toBe('failed');
    } finally {
      await redis.call('ACL', 'SETUSER', 'default', 'off', 'resetpass', '-@all');
    }
  });
});

check('13.deploy.monitoring', 'checkDeployment() asks for a slow log', 2, async (given) => {
  const { redis, expect } = given;
  await operated(redis, async () => {
    for (const [than, len, wrong] of [
      ['10000', '128', undefined],
      ['0', '1', undefined],
      ['-1', '128', 'slowlog-log-slower-than'],
      ['10000', '0', 'slowlog-max-len'],
    ] as const)
      await withConfig(redis, { 'slowlog-log-slower-than': than, 'slowlog-max-len': len }, async () => {
        const expected = wrong
          ? { verdict: 'failed', change: expect.stringContaining(wrong) }
          : { verdict: 'passed' };
        const sentence = `slowlog-log-slower-than is ${than}, slowlog-max-len is ${len}`;
        expect(await line(given, 7), sentence).toMatchObject(expected);
      });
  });
});

check('13.deploy.backup', 'checkDeployment() tells no persistence from persistence', 3, async (given) => {
  const { redis, expect } = given;
  await operated(redis, async () => {
    const change = expect.stringMatching(/save|appendonly/);
    const lost = 'No save and no appendonly: a restart loses everything';
    expect(await line(given, 8), lost).toMatchObject({ verdict: 'failed', change });
    const copy = 'is on: what Redis cannot know is whether a copy is somewhere else';
    const either: Record<string, string>[] = [{ save: '86400 1000000' }, { appendonly: 'yes' }];
    for (const settings of either)
      await withConfig(redis, settings, async () => {
        const sentence = `${Object.keys(settings)[0]} ${copy}`;
        expect((await line(given, 8)).verdict, sentence).toBe('cannot-tell');
      });
  });
});

check(
  '13.deploy.hit-rate',
  'checkDeployment() looks at the hit rate once it says something',
  3,
  async (given) => {
    const { redis, draw, expect } = given;
    await operated(redis, async () => {
      const many = draw.int(71, 99);
      for (const [hits, afterDays, verdict] of [
        [0, 0, 'cannot-tell'],
        [many, 0, 'passed'],
        [70, 0, 'failed'],
        [20, 0, 'failed'],
        [many, 7, 'cannot-tell'],
        [20, 7, 'cannot-tell'],
      ] as const) {
        await redis.config('RESETSTAT');
        if (hits > 0) await reads(redis, { hits, misses: 100 - hits });
        const when =
          afterDays === 0 ? 'and counts at once (afterDays 0)' : 'and Redis has not run for 7 days';
        const sentence =
          hits === 0
            ? 'Nothing was read'
            : `${hits} of 100 reads found something, ${when}. More than 70 % is wanted`;
        expect((await line(given, 11, { afterDays })).verdict, sentence).toBe(verdict);
      }
    });
  },
);
