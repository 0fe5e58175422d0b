// fails: 09.generation.trip
// A GET to see whether there is one, then a SET: two trips for each new tag.
import { randomUUID } from 'node:crypto';
import type { LabContext } from '../src/lab/context.ts';
import type { InvalidationEvent, Sale, TaggedEntry } from '../src/contracts/invalidation.ts';

type Redis = Pick<LabContext, 'redis'>;

const generationKey = (tag: string) => `tag:generation:${tag}`;
const membersKey = (tag: string) => `tag:keys:${tag}`;
/** Two keys for each tag: first all generations, then all lists of keys. */
const notesOf = (tags: string[]) => [...tags.map(generationKey), ...tags.map(membersKey)];

/** Far longer than any load. A reader that takes longer keeps nothing, which is safe. */
const GENERATION_MS = 3_600_000;

export async function readGeneration({ redis }: Redis, tags: string[]): Promise<string> {
  const there = await redis.mget(tags.map(generationKey));
  const asking = redis.multi();
  for (const [i, tag] of tags.entries()) {
    if (there[i] === null) asking.set(generationKey(tag), randomUUID(), 'PX', GENERATION_MS, 'NX');
  }
  if (there.includes(null)) await asking.exec();
  const now = there.includes(null) ? await redis.mget(tags.map(generationKey)) : there;
  return JSON.stringify(Object.fromEntries(tags.map((tag, i) => [tag, now[i]])));
}

const keep = `
  local n = (#KEYS - 1) / 2
  for i = 1, n do
    if redis.call('GET', KEYS[1 + i]) ~= ARGV[2 + i] then return 0 end
  end
  local ttl = tonumber(ARGV[2])
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ttl)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  for i = 2 + n, #KEYS do
    redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
    redis.call('ZADD', KEYS[i], now + ttl, KEYS[1])
    if redis.call('PTTL', KEYS[i]) < ttl + 1000 then redis.call('PEXPIRE', KEYS[i], ttl + 1000) end
  end
  return 1`;

export async function keepTagged({ redis }: Redis, entry: TaggedEntry, generation: string): Promise<boolean> {
  const { key, value, tags, ttlMs } = entry;
  const read = JSON.parse(generation) as Record<string, string>;
  const generations = tags.map((tag) => read[tag] ?? '');
  const names = [key, ...notesOf(tags)];
  const json = JSON.stringify(value) ?? 'null';
  return (await redis.eval(keep, names.length, ...names, json, ttlMs, ...generations)) === 1;
}

const invalidate = `
  local deleted = 0
  for i = #KEYS / 2 + 1, #KEYS do
    for _, key in ipairs(redis.call('ZRANGE', KEYS[i], 0, -1)) do
      deleted = deleted + redis.call('UNLINK', key)
    end
  end
  for _, note in ipairs(KEYS) do redis.call('UNLINK', note) end
  redis.call('PUBLISH', 'market:invalidated', ARGV[1])
  return deleted`;

export async function invalidateTags({ redis }: Redis, tags: string[]): Promise<number> {
  if (tags.length === 0) return 0;
  const notes = notesOf(tags);
  return (await redis.eval(invalidate, notes.length, ...notes, JSON.stringify(tags))) as number;
}

export function invalidateSale(ctx: Redis, { resourceId, buyerId, sellerId }: Sale): Promise<number> {
  const listings = [`listings:${resourceId}`, 'listings:all'];
  return invalidateTags(ctx, [...listings, `inventory:${sellerId}`, `inventory:${buyerId}`, 'leaderboard']);
}

function tagsIn(message: string): string[] | undefined {
  try {
    const tags: unknown = JSON.parse(message);
    return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string') ? tags : undefined;
  } catch {
    return undefined;
  }
}

export async function listen(
  { redis }: Redis,
  onEvent: (event: InvalidationEvent) => Promise<void>,
  during: () => Promise<void>,
): Promise<void> {
  const own = redis.duplicate();
  own.on('error', () => {}); // it connects again by itself, and says when it is back
  const expired = `__keyevent@${redis.options.db ?? 0}__:expired`;
  const subscribe = () => own.subscribe('market:invalidated', expired);
  let told: Promise<unknown> = Promise.resolve();
  const tell = (event: InvalidationEvent) => {
    told = told.then(() => onEvent(event)).catch((error) => console.error(`A listener failed: ${error.message}`));
  };
  own.on('message', (channel, text) => {
    const tags = channel === expired ? undefined : tagsIn(text);
    if (channel === expired) tell({ expired: text });
    else if (tags) tell({ tags });
  });
  try {
    await subscribe();
    own.on('ready', () => subscribe().then(() => tell({ missed: true }), () => {}));
    await during();
  } finally {
    own.removeAllListeners('message');
    own.disconnect();
    await told;
  }
}
