import type { Redis } from 'ioredis';
import { withRules } from '../../kit/judge/rights.ts';
import { withConfig } from '../../kit/judge/with-config.ts';

/** What an operator may do beyond a student's rights: look at settings and at the slow log. */
const operatorsRights = ['+config|get', '+slowlog|get', '+slowlog|len'];

/** Of a server on which nothing is wrong. The slow log takes no more: on a busy machine any command may be slow. */
const calmSettings = {
  'slowlog-log-slower-than': '-1',
  'maxmemory-policy': 'noeviction',
};

/**
 * Lets the student's code look at the judge's own Redis as its operator, while `work` runs. Its counts begin at 0 and its
 * slow log is empty, before and afterwards: nobody sees what another submission had it do.
 *
 * @throws NotGradable where the Redis is not the judge's to do so.
 * @example await operated(redis, async () => expect(await lab.diagnose()).toEqual([]))
 */
export async function operated<T>(redis: Redis, work: () => Promise<T>): Promise<T> {
  return withConfig(redis, calmSettings, () =>
    withRules(redis, operatorsRights, async () => {
      try {
        await forget(redis);
        return await work();
      } finally {
        await forget(redis);
      }
    }),
  );
}

async function forget(redis: Redis): Promise<void> {
  await redis.config('RESETSTAT');
  await redis.slowlog('RESET');
}

/** Reads that find something, and reads that do not, of keys of their own that are gone afterwards. */
export async function reads(redis: Redis, { hits, misses }: { hits: number; misses: number }): Promise<void> {
  await redis.set('read:here', 'yes');
  const pipeline = redis.pipeline();
  for (let i = 0; i < hits; i++) pipeline.get('read:here');
  for (let i = 0; i < misses; i++) pipeline.get('read:away');
  await pipeline.exec();
  await redis.del('read:here');
}

/** One field of INFO. @example await infoField(redis, 'evicted_keys') // '20' */
export async function infoField(redis: Redis, name: string): Promise<string> {
  const line = (await redis.info()).split('\r\n').find((one) => one.startsWith(`${name}:`));
  if (line === undefined) throw new Error(`INFO has no ${name}.`);
  return line.slice(name.length + 1);
}

/** What a key weighs, bytes. */
export const weigh = async (redis: Redis, key: string): Promise<number> =>
  (await redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '0')) as number;

/** The slowest command of the slow log, and how many came after it. */
async function slowestOf(redis: Redis) {
  const entries = (await redis.slowlog('GET', -1)) as [number, number, number, string[]][];
  const slowest = entries.reduce((most, entry) => (entry[2] > most[2] ? entry : most));
  const evidence = { command: slowest[3][0]!.toUpperCase(), micros: slowest[2] };
  return { evidence, after: entries.indexOf(slowest) };
}

/**
 * Fills the slow log with commands of different length, whatever the machine's speed. The slowest is sure to be slowest, and
 * its µs are the same number in ms and back: 4000 / 1000 * 1000 is, 4001 / 1000 * 1000 is a little more.
 *
 * @param quick how many quicker commands come after it at least, default 1.
 * @returns name and time of the slowest in the log.
 */
export async function slowLog(
  redis: Redis,
  { values, quick = 1 }: { values: number; quick?: number },
): Promise<{ command: string; micros: number }> {
  const numbers = Array.from({ length: values }, (_, i) => (i * 7919) % values);
  await redis.rpush('list:slow', ...numbers);
  for (let attempt = 0; attempt < 20; attempt++) {
    await redis.slowlog('RESET');
    await withConfig(redis, { 'slowlog-log-slower-than': '0' }, async () => {
      await redis.get('list:none');
      await redis.call('sort', 'list:slow', 'LIMIT', '0', '1');
      for (let i = 0; i < quick; i++) await redis.echo('quick');
    });
    const { evidence, after } = await slowestOf(redis);
    const { micros } = evidence;
    if (after < quick || (micros / 1_000) * 1_000 !== micros) continue;
    await redis.del('list:slow');
    await redis.config('RESETSTAT');
    return evidence;
  }
  throw new Error('No command of the judge was slower than the others.');
}
