// Scripts with names; a generation is the server's clock at its beginning, and only grows, whatever is lost.
// Names of keys are in plain sets, which are swept when they have grown; two connections listen, one for each channel.
import type { Redis } from 'ioredis';
import type { InvalidationEvent, Sale, TaggedEntry } from '../../../src/contracts/invalidation.ts';

interface Ctx {
  redis: Redis;
}

const clock = `
  local function clock(key)
    local time = redis.call('TIME')
    local now = string.format('%d%06d', time[1], time[2])
    local before = redis.call('GET', key)
    if before and before >= now then now = string.format('%.0f', before + 1) end
    redis.call('SET', key, now, 'EX', 7200)
    return now
  end`;

const scripts = {
  tagsRead: `${clock}
    local read = {}
    for i, key in ipairs(KEYS) do read[i] = redis.call('GET', key) or clock(key) end
    return table.concat(read, ',')`,
  tagsKeep: `
    local read = {}
    for i = 2, #KEYS, 2 do read[i / 2] = redis.call('GET', KEYS[i]) or '-' end
    if table.concat(read, ',') ~= ARGV[1] then return 0 end
    redis.call('PSETEX', KEYS[1], ARGV[3], ARGV[2])
    for i = 3, #KEYS, 2 do
      if redis.call('SCARD', KEYS[i]) >= 64 then
        for _, key in ipairs(redis.call('SMEMBERS', KEYS[i])) do
          if redis.call('EXISTS', key) == 0 then redis.call('SREM', KEYS[i], key) end
        end
      end
      redis.call('SADD', KEYS[i], KEYS[1])
      redis.call('PEXPIRE', KEYS[i], math.max(ARGV[3] + 1, redis.call('PTTL', KEYS[i])))
    end
    return 1`,
  tagsInvalidate: `${clock}
    local sets, deleted = {}, 0
    for i = 1, #KEYS, 2 do
      clock(KEYS[i])
      sets[#sets + 1] = KEYS[i + 1]
    end
    local keys = redis.call('SUNION', unpack(sets))
    for i = 1, #keys, 500 do deleted = deleted + redis.call('DEL', unpack(keys, i, math.min(i + 499, #keys))) end
    redis.call('DEL', unpack(sets))
    redis.call('PUBLISH', 'market:invalidated', ARGV[1])
    return deleted`,
};

type Named = Record<keyof typeof scripts, (...args: unknown[]) => Promise<unknown>>;
function named(redis: Redis): Named {
  for (const [name, lua] of Object.entries(scripts)) if (!(name in redis)) redis.defineCommand(name, { lua });
  return redis as unknown as Named;
}

const pairs = (tags: string[]) => tags.flatMap((tag) => [`generation|${tag}`, `members|${tag}`]);

export async function readGeneration({ redis }: Ctx, tags: string[]): Promise<string> {
  return (await named(redis).tagsRead(tags.length, ...tags.map((tag) => `generation|${tag}`))) as string;
}

export async function keepTagged({ redis }: Ctx, entry: TaggedEntry, generation: string): Promise<boolean> {
  const { key, value, tags, ttlMs } = entry;
  const names = [key, ...pairs(tags)];
  return Boolean(await named(redis).tagsKeep(names.length, ...names, generation, JSON.stringify(value), ttlMs));
}

export async function invalidateTags({ redis }: Ctx, tags: string[]): Promise<number> {
  if (tags.length === 0) return 0;
  const names = pairs([...new Set(tags)]);
  return (await named(redis).tagsInvalidate(names.length, ...names, JSON.stringify(tags))) as number;
}

export async function invalidateSale(ctx: Ctx, sale: Sale): Promise<number> {
  const players = [sale.buyerId, sale.sellerId].map((id) => `inventory:${id}`);
  return invalidateTags(ctx, [...players, `listings:${sale.resourceId}`, 'listings:all', 'leaderboard']);
}

export async function listen(
  { redis }: Ctx,
  onEvent: (event: InvalidationEvent) => Promise<void>,
  during: () => Promise<void>,
): Promise<void> {
  let chain: Promise<unknown> = Promise.resolve();
  let open = true;
  const put = (event: InvalidationEvent) => {
    chain = chain.then(() => open && onEvent(event)).catch(() => {});
  };
  const onTags = (_: string, text: string) => {
    try {
      const tags = JSON.parse(text);
      if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')) put({ tags });
    } catch {}
  };
  let back = 0;
  const connections = ['market:invalidated', `__keyevent@${redis.options.db}__:expired`].map((channel, i) => {
    const own = redis.duplicate();
    own.on('error', () => {});
    own.on('message', i === 0 ? onTags : (_, key) => put({ expired: key }));
    own.on('subscribed', () => {
      if (++back % 2 === 0) put({ missed: true });
    });
    return { own, channel };
  });
  try {
    await Promise.all(connections.map(({ own, channel }) => own.subscribe(channel)));
    for (const { own, channel } of connections) {
      own.on('ready', () => own.subscribe(channel).then(() => own.emit('subscribed'), () => {}));
    }
    await during();
  } finally {
    open = false;
    for (const { own } of connections) own.disconnect();
    await chain;
  }
}
