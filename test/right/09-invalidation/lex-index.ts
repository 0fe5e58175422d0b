// one index of all tags, read by ZRANGEBYLEX, and one of all ends; generations in keys of their own; listening with an async generator
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

type Entry = { key: string; value: unknown; tags: string[]; ttlMs: number };
type InvalidationEvent = { tags: string[] } | { expired: string } | { missed: true };

const INDEX = 'lex:index';
const ENDS = 'lex:ends';
const hex = (tag: string) => Buffer.from(tag).toString('hex');
const generationKey = (tag: string) => `lex:generation:${hex(tag)}`;

/** Asked for in one trip: who is first writes it, and all read it; each look gives it ten minutes again. */
export async function readGeneration({ redis }: { redis: Redis }, tags: string[]): Promise<string> {
  const multi = redis.multi();
  for (const tag of tags) {
    multi.set(generationKey(tag), randomUUID(), 'NX');
    multi.getex(generationKey(tag), 'PX', 600_000);
  }
  const replies = (await multi.exec()) ?? [];
  return tags
    .map((_, i) => {
      const [error, text] = replies[2 * i + 1]!;
      if (error) throw error;
      return text as string;
    })
    .join(' ');
}

const KEEP = `
local index, ends, key, value, ttl = KEYS[1], KEYS[2], KEYS[3], ARGV[1], tonumber(ARGV[2])
local tags = #KEYS - 3
for i = 1, tags do
  if redis.call('GET', KEYS[3 + i]) ~= ARGV[2 + tags + i] then return false end
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', key, value, 'PX', ttl)
for i = 1, tags do
  local member = ARGV[2 + i] .. ' ' .. key
  redis.call('ZADD', index, 0, member)
  redis.call('ZADD', ends, now + ttl + 1, member)
  if redis.call('PTTL', KEYS[3 + i]) < ttl then redis.call('PEXPIRE', KEYS[3 + i], ttl) end
end
for _, member in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', now)) do
  redis.call('ZREM', index, member)
  redis.call('ZREM', ends, member)
end
for _, own in ipairs({ index, ends }) do
  if redis.call('PTTL', own) < ttl + 60000 then redis.call('PEXPIRE', own, ttl + 60000) end
end
return 'kept'`;

const INVALIDATE = `
local index, ends = KEYS[1], KEYS[2]
local count = 0
for i = 3, #KEYS do
  local tag = ARGV[i - 1]
  redis.call('DEL', KEYS[i])
  for _, member in ipairs(redis.call('ZRANGEBYLEX', index, '[' .. tag .. ' ', '(' .. tag .. '!')) do
    count = count + redis.call('DEL', string.sub(member, #tag + 2))
    redis.call('ZREM', index, member)
    redis.call('ZREM', ends, member)
  end
end
redis.call('PUBLISH', 'market:invalidated', ARGV[1])
return count`;

export async function keepTagged({ redis }: { redis: Redis }, { key, value, tags, ttlMs }: Entry, generation: string) {
  const generations = generation === '' ? [] : generation.split(' ');
  if (generations.length !== tags.length) return false;
  const keys = [INDEX, ENDS, key, ...tags.map(generationKey)];
  const args = [JSON.stringify(value), ttlMs, ...tags.map(hex), ...generations];
  return (await redis.eval(KEEP, keys.length, ...keys, ...args)) !== null;
}

export async function invalidateTags({ redis }: { redis: Redis }, tags: string[]): Promise<number> {
  if (tags.length === 0) return 0;
  const keys = [INDEX, ENDS, ...tags.map(generationKey)];
  return Number(await redis.eval(INVALIDATE, keys.length, ...keys, JSON.stringify(tags), ...tags.map(hex)));
}

export async function invalidateSale(
  { redis }: { redis: Redis },
  { resourceId, buyerId, sellerId }: { resourceId: number; buyerId: number; sellerId: number },
): Promise<number> {
  return invalidateTags({ redis }, [
    `listings:${resourceId}`,
    'listings:all',
    `inventory:${buyerId}`,
    `inventory:${sellerId}`,
    'leaderboard',
  ]);
}

/** A queue that is read with `for await`. */
class Events {
  private readonly waiting: InvalidationEvent[] = [];
  private wake = () => {};
  private ended = false;
  push(event: InvalidationEvent): void {
    this.waiting.push(event);
    this.wake();
  }
  end(): void {
    this.ended = true;
    this.waiting.length = 0;
    this.wake();
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<InvalidationEvent> {
    for (;;) {
      if (this.ended) return;
      const event = this.waiting.shift();
      if (event) yield event;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

const isTags = (data: unknown): data is string[] => Array.isArray(data) && data.every((tag) => typeof tag === 'string');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function listen(
  { redis }: { redis: Redis },
  onEvent: (event: InvalidationEvent) => Promise<void>,
  during: () => Promise<void>,
): Promise<void> {
  const events = new Events();
  const teller = (async () => {
    for await (const event of events) await onEvent(event).catch(() => {});
  })();
  // It subscribes by its own hand each time that it is ready: ioredis shall not do so as well.
  const own = redis.duplicate({ autoResubscribe: false, lazyConnect: true });
  own.on('error', () => {});
  const subscribed = async () => {
    await own.psubscribe(`__keyevent@${own.options.db ?? 0}__:expired`);
    await own.subscribe('market:invalidated');
  };
  own.on('pmessage', (_pattern, _channel, expired) => events.push({ expired }));
  own.on('message', (_channel, text) => {
    const tags = parsed(text);
    if (isTags(tags)) events.push({ tags });
  });
  let first = true;
  own.on('ready', () => {
    if (first) {
      first = false;
      return;
    }
    subscribed().then(
      () => events.push({ missed: true }),
      () => {},
    );
  });
  try {
    await own.connect();
    await subscribed();
    await during();
  } finally {
    events.end();
    const closed = new Promise<void>((resolve) => (own.status === 'end' ? resolve() : own.once('end', () => resolve())));
    own.disconnect();
    await closed;
    await teller;
  }
}
