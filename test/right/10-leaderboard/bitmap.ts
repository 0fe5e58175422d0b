// Ranks in the code, the lock looked after with WATCH, a bit for each sale, and a numbered list of what was told.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';

interface Ctx { redis: Redis; mysql: Pool; now(): number }
interface Row { playerId: number; login: string; earned: number; rank: number }

function check(limit: unknown): void {
  if (!Number.isInteger(limit) || (limit as number) < 1 || (limit as number) > 1000) throw new RangeError(`limit: ${limit}`);
}

function ranked(rows: Omit<Row, 'rank'>[]): Row[] {
  const sorted = [...rows].sort((a, b) => b.earned - a.earned || a.playerId - b.playerId);
  let rank = 0;
  return sorted.map((row, i) => {
    if (i === 0 || sorted[i - 1]!.earned !== row.earned) rank = i + 1;
    return { playerId: row.playerId, login: row.login, earned: row.earned, rank };
  });
}

const SUMS = `SELECT seller_id AS playerId, login, SUM(total_price) AS earned
  FROM sales JOIN players ON players.id = seller_id GROUP BY seller_id, login`;

const numbers = (rows: any): any[] => rows.map((row: any) => ({ ...row, earned: Number(row.earned) }));

export async function loadLeaderboard({ mysql }: Ctx, { limit }: { limit: number }): Promise<Row[]> {
  check(limit);
  const [rows] = await mysql.query(SUMS);
  return ranked(numbers(rows)).slice(0, limit);
}

export async function refreshLeaderboard(ctx: Ctx, { limit, ttlMs, lockMs = 30_000 }: any): Promise<boolean> {
  check(limit);
  const token = randomUUID();
  const got = await ctx.redis.set('leaderboard:loading', token, 'PX', lockMs, 'NX');
  if (got === null) return false;
  const own = ctx.redis.duplicate();
  try {
    const rows = await loadLeaderboard(ctx, { limit }).catch(async (error) => {
      await done(own, token, (multi) => multi);
      throw error;
    });
    return await done(own, token, (multi) =>
      multi.hset('leaderboard:top', { limit, rows: JSON.stringify(rows) }).pexpire('leaderboard:top', ttlMs),
    );
  } finally {
    own.disconnect();
  }
}

/** Gives the lock back, and does what goes with it, where the lock is still this call's own. */
async function done(own: Redis, token: string, also: (multi: any) => any): Promise<boolean> {
  await own.watch('leaderboard:loading');
  if ((await own.get('leaderboard:loading')) !== token) return false;
  return (await also(own.multi().del('leaderboard:loading')).exec()) !== null;
}

export async function getLeaderboard({ redis }: Ctx, { limit }: { limit: number }): Promise<Row[] | null> {
  check(limit);
  const [kept, rows] = await redis.hmget('leaderboard:top', 'limit', 'rows');
  return kept && rows && limit <= Number(kept) ? JSON.parse(rows).slice(0, limit) : null;
}

const RECORD = `
if redis.call('SETBIT', 'leaderboard:seen', ARGV[1], 1) == 1 then return end
local n = redis.call('INCR', 'leaderboard:told:last')
redis.call('ZADD', 'leaderboard:told', n, ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3])
redis.call('ZINCRBY', 'leaderboard:coins', ARGV[3], ARGV[2])
redis.call('HSET', 'leaderboard:names', ARGV[2], ARGV[4])`;

export async function recordEarning({ redis }: Ctx, { saleId, playerId, login, earned }: any): Promise<void> {
  for (const value of [saleId, playerId, earned])
    if (!Number.isSafeInteger(value) || value <= 0) throw new RangeError(`no such sale: ${value}`);
  await redis.eval(RECORD, 0, saleId, playerId, earned, login);
}

const TOP = `
local last = redis.call('ZREVRANGE', 'leaderboard:coins', ARGV[1] - 1, ARGV[1] - 1, 'WITHSCORES')
return redis.call('ZREVRANGEBYSCORE', 'leaderboard:coins', '+inf', last[2] or '-inf', 'WITHSCORES')`;

export async function getLiveLeaderboard({ redis }: Ctx, { limit }: { limit: number }): Promise<Row[]> {
  check(limit);
  const flat = (await redis.eval(TOP, 0, limit)) as string[];
  if (flat.length === 0) return [];
  const ids = flat.filter((_, i) => i % 2 === 0);
  const logins = await redis.hmget('leaderboard:names', ...ids);
  const rows = ids.map((id, i) => ({ playerId: Number(id), login: logins[i]!, earned: Number(flat[2 * i + 1]) }));
  return ranked(rows).slice(0, limit);
}

const SWAP = `
for _, told in ipairs(redis.call('ZRANGEBYSCORE', 'leaderboard:told', '(' .. ARGV[2], '+inf')) do
  local sale, player, earned = string.match(told, '(%d+) (%d+) (%d+)')
  if redis.call('SETBIT', ARGV[1] .. 'seen', sale, 1) == 0 then
    redis.call('ZINCRBY', ARGV[1] .. 'coins', earned, player)
  end
end
redis.call('ZREMRANGEBYSCORE', 'leaderboard:told', '-inf', ARGV[2])
for _, name in ipairs({'seen', 'coins'}) do
  redis.call('DEL', 'leaderboard:' .. name)
  if redis.call('EXISTS', ARGV[1] .. name) == 1 then
    redis.call('RENAME', ARGV[1] .. name, 'leaderboard:' .. name)
    redis.call('PERSIST', 'leaderboard:' .. name)
  end
end
return redis.call('ZCARD', 'leaderboard:coins')`;

export async function rebuildLiveLeaderboard({ redis, mysql }: Ctx): Promise<number> {
  const last = (await redis.get('leaderboard:told:last')) ?? '0';
  const connection = await mysql.getConnection();
  let sums: any[];
  let sales: any[];
  try {
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
    sums = numbers((await connection.query(SUMS))[0]);
    sales = (await connection.query('SELECT id FROM sales'))[0] as any[];
    await connection.query('ROLLBACK');
  } finally {
    connection.release();
  }
  const place = `leaderboard:making:${randomUUID()}:`;
  const fill = redis.multi();
  for (const { playerId, earned } of sums) fill.zadd(`${place}coins`, earned, playerId);
  // A player who is taken from the board keeps a name: that does no harm.
  for (const { playerId, login } of sums) fill.hset('leaderboard:names', playerId, login);
  for (const { id } of sales) fill.setbit(`${place}seen`, id, 1);
  await fill.expire(`${place}coins`, 900).expire(`${place}seen`, 900).exec();
  return (await redis.eval(SWAP, 0, place, last)) as number;
}
