// No script: WATCH on a connection of its own for each change, so that nobody else's EXEC takes the watch away.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { InvalidationEvent, Sale, TaggedEntry } from '../../../src/contracts/invalidation.ts';

interface Ctx {
  redis: Redis;
}
const HOUR = 3_600_000;
const generationOf = (tag: string) => `{tags}generation:${tag}`;
const membersOf = (tag: string) => `{tags}members:${tag}`;

/** Tries until nobody disturbs. */
async function alone<T>(redis: Redis, change: (own: Redis) => Promise<{ done: T } | undefined>): Promise<T> {
  const own = redis.duplicate();
  own.on('error', () => {});
  try {
    for (;;) {
      const result = await change(own);
      if (result) return result.done;
    }
  } finally {
    own.disconnect();
  }
}

function checked(replies: [Error | null, unknown][] | null): unknown[] | undefined {
  if (!replies) return undefined;
  for (const [error] of replies) if (error) throw error;
  return replies.map(([, value]) => value);
}

export async function readGeneration({ redis }: Ctx, tags: string[]): Promise<string> {
  const pipeline = redis.pipeline();
  for (const tag of tags) {
    pipeline.set(generationOf(tag), randomUUID(), 'EX', 3600, 'NX').get(generationOf(tag));
  }
  const replies = checked(await pipeline.exec()) ?? [];
  return tags.map((_, i) => replies[2 * i + 1]).join(' ');
}

export function keepTagged({ redis }: Ctx, entry: TaggedEntry, generation: string): Promise<boolean> {
  const { key, value, tags, ttlMs } = entry;
  return alone(redis, async (own) => {
    const [, generations, time] = await Promise.all([
      own.watch(...tags.map(generationOf), ...tags.map(membersOf)),
      own.mget(tags.map(generationOf)),
      own.time(),
    ]);
    if (generations.join(' ') !== generation) return { done: false };
    const now = Number(time[0]) * 1000;
    const multi = own.multi().set(key, JSON.stringify(value), 'PX', ttlMs);
    for (const tag of tags) {
      const members = membersOf(tag);
      multi.zremrangebyscore(members, '-inf', now - 1000).zadd(members, now + ttlMs, key);
      multi.pexpire(members, ttlMs + 1000, 'NX').pexpire(members, ttlMs + 1000, 'GT');
    }
    return checked(await multi.exec()) && { done: true };
  });
}

export function invalidateTags({ redis }: Ctx, tags: string[]): Promise<number> {
  if (tags.length === 0) return Promise.resolve(0);
  return alone(redis, async (own) => {
    const [, keys] = await Promise.all([own.watch(...tags.map(membersOf)), own.zunion(tags.length, ...tags.map(membersOf))]);
    const multi = own.multi().del(...tags.map(generationOf), ...tags.map(membersOf));
    multi.publish('market:invalidated', JSON.stringify(tags));
    for (let i = 0; i < keys.length; i += 1000) multi.unlink(keys.slice(i, i + 1000));
    const replies = checked(await multi.exec());
    return replies && { done: replies.slice(2).reduce<number>((sum, n) => sum + Number(n), 0) };
  });
}

export const invalidateSale = (ctx: Ctx, { resourceId, buyerId, sellerId }: Sale): Promise<number> =>
  invalidateTags(ctx, [
    'leaderboard',
    ...[buyerId, sellerId].map((id) => `inventory:${id}`),
    ...['all', resourceId].map((id) => `listings:${id}`),
  ]);

export async function listen(
  { redis }: Ctx,
  onEvent: (event: InvalidationEvent) => Promise<void>,
  during: () => Promise<void>,
): Promise<void> {
  const own = redis.duplicate({ autoResubscribe: false, protocol: 2 } as object);
  const waiting: InvalidationEvent[] = [];
  let wake = () => {};
  let over = false;
  let subscribed = 0;
  const channels = ['market:invalidated', '__keyevent@0__:expired'];
  const first = new Promise<void>((resolve, reject) => {
    own.on('error', () => {});
    own.on('end', () => reject(new Error('no connection')));
    own.on('ready', () =>
      own.subscribe(...channels).then(
        () => {
          if (subscribed++) put({ missed: true });
          resolve();
        },
        () => {},
      ),
    );
  });
  if (own.status === 'wait') own.connect().catch(() => {});

  function put(event: InvalidationEvent) {
    waiting.push(event);
    wake();
  }
  own.on('message', (channel, text) => {
    if (channel !== 'market:invalidated') return put({ expired: text });
    let list: unknown;
    try {
      list = JSON.parse(text);
    } catch {}
    if (Array.isArray(list) && !list.some((tag) => typeof tag !== 'string')) put({ tags: list });
  });
  async function tellAll() {
    while (!over) {
      const event = waiting.shift();
      if (event) await onEvent(event).catch(() => {});
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  const telling = tellAll();
  try {
    await first;
    await during();
  } finally {
    over = true;
    wake();
    own.disconnect();
    await telling;
  }
}
