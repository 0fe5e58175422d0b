/**
 * Lab 09: invalidation on events. Fill in the five functions, then run `./lab check 09`.
 *
 * A value is kept under a key, and noted under *tags*: what it was made of. The list of resource 10 has the tags
 * `listings:10` and `listings`. Whoever changes something invalidates tags, and need not know any key:
 *
 *     const generation = await readGeneration(ctx, ['listings:10', 'listings']);  before the load
 *     const value = await load();                                                 slow: a sale may come now
 *     await keepTagged(ctx, { key: 'market:listings:active:10', value, tags: ['listings:10', 'listings'], ttlMs: 60_000 },
 *       generation);                                                              false where a sale did come
 *
 * Several processes do this at once, and share nothing but Redis. What you note about tags are keys of your own, under
 * names of your choice: a value may have the key `leaderboard` and the tag `leaderboard`. Tags that differ in anything
 * are two: `listings:10`, `Listings:10` and `listings:10:keys` are three.
 */
import type { Invalidation, InvalidationEvent, Sale, TaggedEntry } from '../src/contracts/invalidation.ts';
import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import '../src/lab/as-command.ts'; // `npx tsx labs/09-invalidation.ts` plays this lab

/**
 * Says which generation of these tags a load will see that begins now, as a text of your choice. One round trip, also
 * for many tags and for tags that nobody ever used.
 *
 * All who ask get the same text, until one of the tags is invalidated: a load may take half a minute. Then it is another
 * one, for ever: no generation ever comes back, not even after Redis lost everything (FLUSHALL) or evicted one of your
 * keys. With a counter, 3 would come back: 3 is read, the counter is evicted, and three invalidations later it is 3 again.
 */
export async function readGeneration({ redis }: Pick<LabContext, 'redis'>, tags: string[]): Promise<string> {
  throw new Error('TODO: write readGeneration in labs/09-invalidation.ts');
}

/**
 * Keeps `value` as JSON under `key` for `ttlMs` milliseconds, notes its tags, and resolves to true. `generation` is what
 * `readGeneration` gave for the same tags before the load.
 *
 * Where one of the tags was invalidated since, or where Redis does not know any more, nothing is kept, nothing that is
 * there changes, and it resolves to false: not even a tag is noted. The look and the write are one step, whatever another
 * process does meanwhile.
 *
 * What you note has an end: each key of your own has a time to live, so that TTL never says -1, also that of a tag which
 * was only asked for, or only invalidated. But no note ends before the longest value under its tag: of one kept for an
 * hour and then one for a minute the tag knows both for an hour. And a tag that is in use for years does not remember
 * the values that have expired.
 */
export async function keepTagged(
  { redis }: Pick<LabContext, 'redis'>,
  { key, value, tags, ttlMs }: TaggedEntry,
  generation: string,
): Promise<boolean> {
  throw new Error('TODO: write keepTagged in labs/09-invalidation.ts');
}

/**
 * Deletes whatever is kept under one of these tags, in one step: no reader sees half of it, and what is kept at the same
 * moment is deleted or refused. Loads that began before it are worthless from now on. Resolves to how many values were
 * really there to delete; where there is none, that is 0 and no error.
 *
 * What it costs depends on what is deleted, not on the size of the database: no KEYS, no SCAN. It may be much: 9,000
 * values of one tag are deleted as one is.
 *
 * In the same step it publishes the tags on `market:invalidated` as a JSON list, `["listings:10","inventory:7"]`, also
 * where nothing was deleted: another process may have a copy in its memory. Nobody ever finds the values gone and the
 * message not sent, or the other way round. For no tags it does nothing at all: no command, no message, and it is 0.
 */
export async function invalidateTags({ redis }: Pick<LabContext, 'redis'>, tags: string[]): Promise<number> {
  throw new Error('TODO: write invalidateTags in labs/09-invalidation.ts');
}

/**
 * Invalidates what a sale changes, in one step and with one message. A sale of resource 10 by player 7 to player 1:
 *
 *     listings:10  listings:all  inventory:1  inventory:7  leaderboard
 */
export async function invalidateSale(
  { redis }: Pick<LabContext, 'redis'>,
  { resourceId, buyerId, sellerId }: Sale,
): Promise<number> {
  throw new Error('TODO: write invalidateSale in labs/09-invalidation.ts');
}

/**
 * Listens for as long as `during` runs, and tells `onEvent`, one event after the other:
 *
 *     { tags: ['listings:10'] }      a message on `market:invalidated`; what is no JSON list of strings is ignored
 *     { expired: 'inventory:user:7' }  a key of this client's database reached its end: `__keyevent@0__:expired`, where 0
 *                                      is the number of that database, `redis.options.db`
 *     { missed: true }               the connection was lost and is back, each time: who knows what was said meanwhile;
 *                                      it is told when nothing can be missed any more
 *
 * `during` is called once, as soon as nothing can be missed, neither a message nor an expiry. When it settles, the
 * listening is over: no subscription and no connection stays, and once `listen` has resolved nothing more is told. What it throws is thrown. An error of `onEvent` ends nothing.
 *
 * The client that you are given takes commands all the while: `redis.duplicate()` is a connection of your own.
 */
export async function listen(
  { redis }: Pick<LabContext, 'redis'>,
  onEvent: (event: InvalidationEvent) => Promise<void>,
  during: () => Promise<void>,
): Promise<void> {
  throw new Error('TODO: write listen in labs/09-invalidation.ts');
}

/** Ids of the script's own, far beyond those of the game. */
const RESOURCE = 9_000_001;
const [BUYER, SELLER] = [9_000_002, 9_000_003];
const TAG = `listings:${RESOURCE}`;
const KEY = `market:listings:active:${RESOURCE}`;
const entry = (key: string, tag: string): TaggedEntry => ({
  key,
  value: `of ${tag}`,
  tags: [tag],
  ttlMs: 60_000,
});

/** The story that `./lab 09` plays in the terminal, on the live servers. */
export const steps: Step<Invalidation>[] = [
  {
    title: 'The race, without a fence',
    text: 'A reader misses and loads 5 swords. A sale takes one, and deletes the key. Then the reader keeps what it has. Predict: what does the next reader see, and for how long?',
    async run({ lab: { redis }, table }) {
      const inMysql = { swords: 5 };
      const loaded = JSON.stringify(inMysql);
      inMysql.swords = 4;
      const deleted = await redis.del(KEY);
      await redis.set(KEY, loaded, 'PX', 60_000);
      table([
        { who: 'the sale', did: `DEL ${KEY}`, reply: deleted },
        { who: 'the reader', did: `SET ${KEY} ${loaded}`, reply: 'OK' },
        {
          who: 'everybody else',
          did: 'GET',
          reply: `${await redis.get(KEY)} for ${await redis.pttl(KEY)} ms`,
        },
      ]);
      await redis.del(KEY);
    },
  },
  {
    title: 'The same race, with yours',
    text: 'The same order of events. keepTagged should say false, and the key should not be there.',
    async run({ lab, yours, say }) {
      try {
        const generation = await yours.readGeneration(lab, [TAG]);
        say(`The reader has generation ${generation}`);
        await yours.invalidateTags(lab, [TAG]);
        const kept = await yours.keepTagged(lab, entry(KEY, TAG), generation);
        say(`The sale came, then the reader: keepTagged said ${kept}. GET says ${await lab.redis.get(KEY)}.`);
        const fresh = await yours.readGeneration(lab, [TAG]);
        say(`Who loads now may keep: ${await yours.keepTagged(lab, entry(KEY, TAG), fresh)}.`);
      } finally {
        await lab.redis.del(KEY);
      }
    },
  },
  {
    title: 'What a sale changes',
    text: 'Six values are kept. Then a sale. Predict: which of them are still there?',
    async run({ lab, yours, say, table }) {
      const entries = [
        entry(KEY, TAG),
        entry(`market:listings:active:${RESOURCE}0`, `listings:${RESOURCE}0`),
        entry(`inventory:user:${BUYER}`, `inventory:${BUYER}`),
        entry(`inventory:user:${SELLER}`, `inventory:${SELLER}`),
        entry(`inventory:user:${SELLER}0`, `inventory:${SELLER}0`),
        entry('leaderboard:999', 'leaderboard'),
      ];
      try {
        for (const one of entries)
          await yours.keepTagged(lab, one, await yours.readGeneration(lab, one.tags));
        const count = await yours.invalidateSale(lab, {
          resourceId: RESOURCE,
          buyerId: BUYER,
          sellerId: SELLER,
        });
        say(`invalidateSale said ${count}.`);
        const left = await lab.redis.mget(entries.map(({ key }) => key));
        table(
          entries.map(({ key, tags }, i) => ({
            key,
            tag: tags[0],
            after: left[i] === null ? 'gone' : 'there',
          })),
        );
      } finally {
        await lab.redis.del(entries.map(({ key }) => key));
      }
    },
  },
  {
    title: 'A sale, on the wire',
    text: 'Five tags. Predict: how many trips? Between two trips somebody reads the new market and an old inventory.',
    async run({ lab, yours, wire }) {
      await yours.keepTagged(lab, entry(KEY, TAG), await yours.readGeneration(lab, [TAG]));
      const sale = { resourceId: RESOURCE, buyerId: BUYER, sellerId: SELLER };
      await wire((tapped) => yours.invalidateSale(tapped, sale));
    },
  },
  {
    title: 'Who hears of it',
    text: 'Now somebody listens: to a sale, to a message that is no list, and to a key that expires. Predict: how many events?',
    async run({ lab, yours, say, table }) {
      const told: InvalidationEvent[] = [];
      const onEvent = async (event: InvalidationEvent) => {
        told.push(event);
      };
      await yours.listen(lab, onEvent, async () => {
        await lab.redis.publish('market:invalidated', 'no list');
        await yours.invalidateSale(lab, { resourceId: RESOURCE, buyerId: BUYER, sellerId: SELLER });
        await lab.redis.set(KEY, 'gone in a moment', 'PX', 1);
        // Redis tells of an expiry when it notices: when somebody looks, or when it comes by.
        for (let i = 0; i < 200 && told.length < 2; i++) {
          await lab.redis.get(KEY);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      });
      table(told.map((event) => ({ event: JSON.stringify(event) })));
      if (!told.some((event) => 'expired' in event)) {
        say('No expiry was told: is `notify-keyspace-events Ex` set in this Redis?');
      }
    },
  },
];
