// One hash for each tag: its generation and the names of its keys are lost together or not at all.
import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { InvalidationEvent, Sale, TaggedEntry } from '../../../src/contracts/invalidation.ts';

interface Ctx {
  redis: Redis;
}

const hash = (tag: string) => `t/${tag}`;

const keep = `
  for i = 2, #KEYS do
    if redis.call('HGET', KEYS[i], 'generation') ~= cjson.decode(ARGV[3])[i - 1] then return 0 end
  end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  local time = redis.call('TIME')
  local now = time[1] * 1000
  for i = 2, #KEYS do
    local fields = redis.call('HGETALL', KEYS[i])
    for j = 1, #fields, 2 do
      if fields[j] ~= 'generation' and tonumber(fields[j + 1]) < now then redis.call('HDEL', KEYS[i], fields[j]) end
    end
    redis.call('HSET', KEYS[i], 'key ' .. KEYS[1], now + ARGV[2] + 1000)
    if redis.call('PTTL', KEYS[i]) < ARGV[2] + 1000 then redis.call('PEXPIRE', KEYS[i], ARGV[2] + 1000) end
  end
  return 1`;

const invalidate = `
  local deleted = 0
  for _, tag in ipairs(KEYS) do
    for _, field in ipairs(redis.call('HKEYS', tag)) do
      if field ~= 'generation' then deleted = deleted + redis.call('DEL', string.sub(field, 5)) end
    end
    redis.call('DEL', tag)
  end
  return deleted`;

export async function readGeneration({ redis }: Ctx, tags: string[]): Promise<string> {
  const multi = redis.multi();
  for (const tag of tags) {
    multi.hsetnx(hash(tag), 'generation', randomBytes(12).toString('hex'));
    multi.expire(hash(tag), 3600, 'NX').hget(hash(tag), 'generation');
  }
  const replies = (await multi.exec()) ?? [];
  return JSON.stringify(tags.map((_, i) => replies[3 * i + 2]?.[1]));
}

export async function keepTagged({ redis }: Ctx, entry: TaggedEntry, generation: string): Promise<boolean> {
  const names = [entry.key, ...entry.tags.map(hash)];
  const json = JSON.stringify(entry.value);
  return (await redis.eval(keep, names.length, ...names, json, entry.ttlMs, generation)) === 1;
}

export async function invalidateTags({ redis }: Ctx, tags: string[]): Promise<number> {
  if (tags.length === 0) return 0;
  const multi = redis.multi().eval(invalidate, tags.length, ...tags.map(hash));
  const replies = await multi.publish('market:invalidated', JSON.stringify(tags)).exec();
  for (const [error] of replies ?? []) if (error) throw error;
  return replies?.[0]?.[1] as number;
}

export async function invalidateSale(ctx: Ctx, { resourceId, buyerId, sellerId }: Sale): Promise<number> {
  const ids = new Set([buyerId, sellerId]);
  const inventories = [...ids].map((id) => `inventory:${id}`);
  return invalidateTags(ctx, [`listings:${resourceId}`, `listings:all`, ...inventories, 'leaderboard']);
}

export async function listen(
  { redis }: Ctx,
  onEvent: (event: InvalidationEvent) => Promise<void>,
  during: () => Promise<void>,
): Promise<void> {
  const own = redis.duplicate({ maxRetriesPerRequest: null });
  own.on('error', () => {});
  let lost = false;
  let queue: Promise<void> = Promise.resolve();
  const put = (event: InvalidationEvent) => {
    queue = queue.then(async () => {
      try {
        await onEvent(event);
      } catch {}
    });
  };
  own.on('pmessage', (_pattern, channel, text) => {
    if (channel.startsWith('__')) return put({ expired: text });
    try {
      const tags: unknown = JSON.parse(text);
      if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')) put({ tags });
    } catch {}
  });
  try {
    const patterns = ['market:invalidated', `__keyevent@${redis.options.db}__:expired`];
    await own.psubscribe(...patterns);
    own.on('close', () => {
      lost = true;
    });
    own.on('ready', async () => {
      await own.psubscribe(...patterns).catch(() => {});
      if (lost) put({ missed: true });
      lost = false;
    });
    await during();
  } finally {
    own.removeAllListeners('pmessage');
    own.disconnect();
    await queue;
  }
}
