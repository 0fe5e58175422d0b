/**
 * Lab 13: operations. Fill in the five functions, then run `./lab check 13`.
 *
 * Redis is in trouble, and somebody calls you. You ask it what is wrong, and answer with evidence:
 *
 *     core      readStats, hitRate    how many reads found something, between two readings
 *               memoryReport          which keys the memory goes to
 *               diagnose              what is wrong, of eight things
 *     robust    the same, while Redis is restarted, refuses, or goes away, and while keys come and go
 *     expert    checkDeployment       is this Redis ready for users? Eleven lines, three answers
 *
 * The checks really break a Redis and hand it to you. It accepts `INFO`, `SCAN`, `MEMORY USAGE`, `SLOWLOG GET` and
 * `CONFIG GET` from you, and nothing that would change its settings. An error of Redis is the caller's: it never looks
 * like health. Only diagnose says of some errors what they mean.
 */

import type {
  DeploymentItem,
  DeploymentOptions,
  DiagnoseOptions,
  DomainMemory,
  Finding,
  Operations,
  StatsReading,
} from '../src/contracts/operations.ts';
import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import '../src/lab/as-command.ts'; // `npx tsx labs/13-operations.ts` plays this lab

/**
 * Core. The counts of reads that INFO tells, in one round trip: `keyspace_hits`, `keyspace_misses`, and `run_id`, which
 * is another one after each start of Redis. `{ runId: '5b1c…', hits: 120, misses: 30 }`
 */
export async function readStats({ redis }: Pick<LabContext, 'redis'>): Promise<StatsReading> {
  throw new Error('TODO: write readStats in labs/13-operations.ts');
}

/**
 * Core. The share of reads between two readings that found something, 0 to 1: from 100 hits and 0 misses to 130 and 10 it
 * is 30 of 40, 0.75. Null where nothing was read: that is no rate of 0.
 *
 * Robust. Counts begin at 0 after a restart (another `runId`, whatever the counts), and after CONFIG RESETSTAT (the same
 * `runId`, and a count that is smaller than before). Then it is the share of the reads since.
 */
export async function hitRate(
  ctx: Pick<LabContext, 'redis'>,
  { before, after }: { before: StatsReading; after: StatsReading },
): Promise<number | null> {
  throw new Error('TODO: write hitRate in labs/13-operations.ts');
}

/**
 * Core. What each domain of keys costs. The domain is the key up to its first colon: of `session:7:cart` it is `session`,
 * of `motd` it is `motd`. Each has its number of keys, the sum of their bytes, its share of the bytes of all domains (0 to
 * 1), and its `biggest` keys (default 3), the largest first. The domain with the most bytes comes first. Equal ones
 * stand by name. An empty Redis is `[]`.
 *
 * The bytes of a key are those of `MEMORY USAGE key SAMPLES 0`: without SAMPLES 0 Redis looks at five elements and guesses.
 * KEYS holds up everybody: use SCAN. Of n keys it takes at most n / 250 + 5 round trips.
 *
 * Robust. SCAN may name a key twice: it counts once. A key may go before its bytes are asked for: it does not count.
 */
export async function memoryReport(
  { redis }: Pick<LabContext, 'redis'>,
  { biggest = 3 }: { biggest?: number } = {},
): Promise<DomainMemory[]> {
  throw new Error('TODO: write memoryReport in labs/13-operations.ts');
}

/**
 * Core. What is wrong, in this order, each with its evidence; `[]` is healthy. Counts are since the start of Redis, or
 * since CONFIG RESETSTAT.
 *
 *     full            Redis refused commands for want of memory: errorstat_OOM of INFO errorstats. used_memory shows it badly:
 *                     a large write is refused while a little room is left. { refused, maxmemory, policy }
 *     evicting        evicted_keys is above 0. { evicted, policy }
 *     low-hit-rate    fewer than half of at least 100 reads found something. { hits, misses }, as they were before
 *                     you looked at any key
 *     slow-command    the slow log holds a command of `slowMs` (default 10) or longer. { command: 'SORT', micros: 48210 }
 *                     of the slowest
 *     big-key         a key of `bigKeyBytes` (default 1,000,000) or more. { key, bytes } of the biggest
 *
 * Robust. It opens a connection of its own with `login` (`redis.duplicate()` takes options), and ends it, whatever
 * happens. With these three nothing else can be seen, and the list has one finding:
 *
 *     unreachable     nothing answers, or it stops to answer meanwhile. { error }: what the client said
 *     no-password     { error: 'NOAUTH …' }
 *     wrong-password  { error: 'WRONGPASS …' }
 *
 * Any other error of Redis is the caller's: who may not look does not know that all is well.
 */
export async function diagnose(
  { redis }: Pick<LabContext, 'redis'>,
  { login, slowMs = 10, bigKeyBytes = 1_000_000 }: DiagnoseOptions = {},
): Promise<Finding[]> {
  throw new Error('TODO: write diagnose in labs/13-operations.ts');
}

/**
 * Expert. The deployment list of the document against a running Redis, 11 lines: `{ number, verdict, change }`.
 *
 *      1  Redis `minimum` or newer                   by redis_version, compared number by number: 7.10 is newer than 7.2
 *      2  redis.conf bounds the memory               failed where maxmemory is 0
 *      3  a password is set                          failed where a connection without a login is answered
 *      4  the client is installed                    passed: it is what asks
 *      5  the cache service is part of the app       cannot-tell
 *      6  its tests pass                             cannot-tell
 *      7  monitoring                                 failed where slowlog-log-slower-than is negative or slowlog-max-len 0
 *      8  automatic backup, RDB or AOF               failed where `save` is empty and appendonly is no; else cannot-tell:
 *                                                    no Redis knows whether there is a copy on another machine
 *      9  the API limits rates                       cannot-tell
 *     10  the application logs at INFO               cannot-tell
 *     11  hit rate above 70 % after `afterDays`      cannot-tell before (uptime_in_seconds), or where nothing was read
 *
 * `change` is '' where it passed. Else it is a sentence. Where 2, 7 or 8 failed, it names the setting: `maxmemory`,
 * `slowlog-log-slower-than` or `slowlog-max-len`, whichever is wrong, and `save` or `appendonly`.
 */
export async function checkDeployment(
  { redis }: Pick<LabContext, 'redis'>,
  { minimum = '7.2', afterDays = 7 }: DeploymentOptions = {},
): Promise<DeploymentItem[]> {
  throw new Error('TODO: write checkDeployment in labs/13-operations.ts');
}

/** The story that `./lab 13` plays in the terminal, on the live servers. It writes and deletes keys of its own, `operations:…`. */
export const steps: Step<Operations>[] = [
  {
    title: 'Hits and misses',
    text: 'Between two readings one key is read three times, and one that is not there once. What is the hit rate, and how many round trips does a reading take?',
    async run({ lab, yours, wire, say }) {
      await lab.redis.set('operations:story', 'here');
      const before = await wire((tapped) => yours.readStats(tapped));
      for (const key of ['story', 'story', 'story', 'nothing']) await lab.redis.get(`operations:${key}`);
      const after = await yours.readStats(lab);
      say(`Hit rate: ${await yours.hitRate(lab, { before, after })}`);
      await lab.redis.del('operations:story');
    },
  },
  {
    title: 'Where the memory goes',
    text: 'The keys by their first word, a text of 10,000 letters and twenty short ones among them. How does the share of bytes differ from that of keys?',
    async run({ lab, yours, table }) {
      const own = ['operations:long', ...Array.from({ length: 20 }, (_, i) => `operations-short:${i}`)];
      for (const [i, key] of own.entries()) await lab.redis.set(key, 'x'.repeat(i === 0 ? 10_000 : 5));
      const rows = await yours.memoryReport(lab, { biggest: 1 });
      table(rows.map(({ biggest, ...row }) => ({ ...row, biggest: biggest[0]?.key })));
      await lab.redis.del(...own);
    },
  },
  {
    title: 'A wrong password',
    text: 'An application logs in with the password of last year. What does Redis say?',
    async run({ lab, yours, say }) {
      const findings = await yours.diagnose(lab, {
        login: { username: 'default', password: 'of-last-year' },
      });
      say(JSON.stringify(findings));
    },
  },
];
