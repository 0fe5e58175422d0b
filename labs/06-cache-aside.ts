/**
 * Lab 06: cache-aside. Fill in the function, then run `./lab check 06`.
 *
 * It looks in Redis, loads on a miss, keeps what was loaded, and returns it:
 *
 *     const load = () => listingsOf(10);   // asks MySQL; here your code never sees how
 *     await getOrLoad(lab, 'market:listings:active:10', load, { ttlMs: 60_000 });
 *
 *     market:listings:active:10   [{"id":4,"quantity":7,"unitPrice":120}]   PTTL between 54000 and 60000
 *
 * The time to live is `ttlMs`, shortened by a random share up to `jitter`: default 0.1, 0 for none. It is in
 * milliseconds, and stays so: with `{ ttlMs: 1_700, jitter: 0 }` the key lives for 1700 ms, not for 1 s or 2. A hit does
 * not change when it ends.
 *
 * Of a load that found nothing (null or undefined) the text `null` is kept, for `missingTtlMs`; where that is not told
 * for `ttlMs`, and where it is 0 not at all. Then there is nothing in Redis that other processes could share: ten readers
 * in each of two processes, `{ ttlMs: 60_000, missingTtlMs: 0 }` and a load that finds nothing are two loads, one for
 * the readers of each process, one after the other.
 *
 * Take the time to live as Redis counts it. Where you want a clock of your own, ask `now()`. To let `waitMs` pass, the
 * checks move `now()` and end the keys that expire by then: a date by Redis's TIME they cannot move, so do not take one.
 */
import type { CacheAside, CacheAsideOptions } from '../src/contracts/cache-aside.ts';
import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import '../src/lab/as-command.ts'; // `npx tsx labs/06-cache-aside.ts` plays this lab

/**
 * The value of `key`: from Redis where it is there, in one round trip, else from `load`, and then kept as JSON under
 * `key` itself. An empty list, 0, '' and false are values like any other. A text that is not JSON, which somebody
 * else wrote, is a miss, and is replaced.
 *
 * Any number of concurrent readers of one missing key, in one process or in several, cause one load. Readers of other
 * keys do not wait for it.
 *
 * A `load` that fails keeps nothing. Who waited for it in the same process gets its error; of those who wait in other
 * processes one loads next, at once.
 *
 * A load that takes longer than `waitMs` (default 5000), or whose process is gone, is lost: exactly one of those
 * who wait loads next, and the others wait for that one. So it is in the loader's own process, too: with `waitMs` 500 and
 * a load that hangs, readers who came 100 ms after it have the answer of the next load half a second later. What a lost
 * load still brings is its own reader's answer; it never replaces what a later load kept. Whatever you write to Redis
 * for all this expires by itself, wherever your process is killed.
 *
 * A connection that you open besides `redis` is closed when the call is over, also where `load` fails, or is one for the
 * whole process: after a hundred calls no more are open than after two.
 *
 * Where Redis does not answer, or refuses, the value comes from `load`, still one for the concurrent readers of one
 * process, and nothing is thrown for Redis.
 */
export async function getOrLoad<T>(
  { redis, now }: Pick<LabContext, 'redis' | 'now'>,
  key: string,
  load: () => Promise<T | null>,
  options: CacheAsideOptions,
): Promise<T | null> {
  throw new Error('TODO: write getOrLoad in labs/06-cache-aside.ts');
}

/** The keys of the story: the game has no such resource. */
const KEY = 'market:listings:active:900000001';
const keys = Array.from({ length: 8 }, (_, i) => `market:listings:active:${900_000_010 + i}`);
const listings = [{ id: 4, quantity: 7, unitPrice: 120 }];

/** A database that takes 30 ms and counts how often it was asked. */
function slowDatabase<T>(answer: T) {
  const asked = { times: 0 };
  const load = async () => {
    asked.times++;
    await new Promise((resolve) => setTimeout(resolve, 30));
    return answer;
  };
  return { asked, load };
}

/** The story that `./lab 06` plays in the terminal, on the live servers. */
export const steps: Step<CacheAside>[] = [
  {
    title: 'A miss, then a hit',
    text: 'Two readers, one after the other. Which commands does the first send, and which the second?',
    async run({ lab, yours, wire }) {
      await lab.redis.del(KEY);
      const { load } = slowDatabase(listings);
      await wire((tapped) => yours.getOrLoad(tapped, KEY, load, { ttlMs: 60_000 }));
      await wire((tapped) => yours.getOrLoad(tapped, KEY, load, { ttlMs: 60_000 }));
    },
  },
  {
    title: 'A hundred at once',
    text: 'The key has just expired, and a hundred readers come in the same moment. As the document writes it, each of them looks, finds nothing and loads. How often is the database asked by yours?',
    async run({ lab, yours, table }) {
      const asInTheDocument: CacheAside['getOrLoad'] = async ({ redis }, key, load, { ttlMs }) => {
        const cached = await redis.get(key);
        if (cached) return JSON.parse(cached);
        const value = await load();
        await redis.set(key, JSON.stringify(value), 'PX', ttlMs);
        return value;
      };
      const rows: object[] = [];
      for (const [way, read] of Object.entries({
        'as in the document': asInTheDocument,
        yours: yours.getOrLoad,
      })) {
        await lab.redis.del(KEY);
        const { asked, load } = slowDatabase(listings);
        await Promise.all(Array.from({ length: 100 }, () => read(lab, KEY, load, { ttlMs: 60_000 })));
        rows.push({ way, readers: 100, loads: asked.times });
      }
      table(rows);
    },
  },
  {
    title: 'Nothing, three times',
    text: 'An empty list, 0, and a row that does not exist, each read three times. What is in Redis, and how often was the database asked?',
    async run({ lab, yours, table }) {
      const rows: object[] = [];
      for (const answer of [[], 0, null]) {
        await lab.redis.del(KEY);
        const { asked, load } = slowDatabase(answer);
        for (let i = 0; i < 3; i++)
          await yours.getOrLoad(lab, KEY, load, { ttlMs: 60_000, missingTtlMs: 5_000 });
        const [kept, pttl] = await Promise.all([lab.redis.get(KEY), lab.redis.pttl(KEY)]);
        rows.push({ answer: JSON.stringify(answer), loads: asked.times, kept, pttl });
      }
      table(rows);
    },
  },
  {
    title: 'Made together, ended apart',
    text: 'Eight keys are loaded in the same moment, for a minute each with jitter 0.5. When do they end?',
    async run({ lab, yours, table }) {
      await lab.redis.del(...keys);
      const { load } = slowDatabase(listings);
      await Promise.all(keys.map((key) => yours.getOrLoad(lab, key, load, { ttlMs: 60_000, jitter: 0.5 })));
      const ends = await Promise.all(keys.map((key) => lab.redis.pttl(key)));
      table(keys.map((key, i) => ({ key, 'seconds to live': (ends[i]! / 1000).toFixed(1) })));
    },
  },
  {
    title: 'The database fails',
    text: 'Ten readers wait for one load, and it fails. What does each of them get, what is kept, and what does the next reader get?',
    async run({ lab, yours, say, table }) {
      await lab.redis.del(KEY);
      const failing = async (): Promise<never> => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        throw new Error('MySQL has gone away');
      };
      const readers = Array.from({ length: 10 }, () =>
        yours.getOrLoad(lab, KEY, failing, { ttlMs: 60_000 }).then(
          () => 'a value',
          ({ message }: Error) => {
            if (message.startsWith('TODO')) throw new Error(message);
            return message;
          },
        ),
      );
      const got = await Promise.all(readers);
      table(
        [...new Set(got)].map((answer) => ({ answer, readers: got.filter((one) => one === answer).length })),
      );
      say(`Keys kept: ${await lab.redis.exists(KEY)}`);
      const next = await yours.getOrLoad(lab, KEY, async () => listings, { ttlMs: 60_000 });
      say(`The next reader gets ${JSON.stringify(next)}`);
    },
  },
  {
    title: 'Clearing up',
    text: 'The keys of the story go away again.',
    async run({ lab: { redis }, say }) {
      say(`${await redis.del(KEY, ...keys)} keys are gone.`);
    },
  },
];
