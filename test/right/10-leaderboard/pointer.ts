// A pointer says which live leaderboard counts, each under names of its own; a number that only grows is the lock's token.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';

interface Ctx { redis: Redis; mysql: Pool; now(): number }
interface Sale { saleId: number; playerId: number; login: string; earned: number }

function whole(name: string, value: unknown, most = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(value) || (value as number) < 1 || (value as number) > most) throw new RangeError(`${name}: ${value}`);
  return value as number;
}

function ranked(rows: { playerId: number; login: string; earned: number }[], limit: number) {
  rows.sort((a, b) => b.earned - a.earned || a.playerId - b.playerId);
  let [rank, above] = [0, -1];
  return rows.slice(0, limit).map((row, i) => {
    if (row.earned !== above) [rank, above] = [i + 1, row.earned];
    return { ...row, rank };
  });
}

const SUMS = `SELECT s.seller_id AS playerId, p.login, CAST(SUM(s.total_price) AS UNSIGNED) AS earned
  FROM sales s JOIN players p ON p.id = s.seller_id GROUP BY s.seller_id, p.login`;

export async function loadLeaderboard({ mysql }: Ctx, { limit }: { limit: number }) {
  whole('limit', limit, 1000);
  const [rows] = await mysql.query(SUMS);
  return ranked(rows as any[], limit);
}

const BEGIN = `
if redis.call('EXISTS', 'leaderboard:refresh:lock') == 1 then return 0 end
local token = redis.call('INCR', 'leaderboard:refresh:token')
redis.call('SET', 'leaderboard:refresh:lock', token, 'PX', ARGV[1])
return token`;

const END = `
if redis.call('GET', 'leaderboard:refresh:lock') ~= ARGV[1] then return 0 end
redis.call('DEL', 'leaderboard:refresh:lock')
if ARGV[2] then redis.call('PSETEX', 'leaderboard:kept', ARGV[3], ARGV[2]) end
return 1`;

export async function refreshLeaderboard(ctx: Ctx, { limit, ttlMs, lockMs = 30_000 }: any): Promise<boolean> {
  whole('limit', limit, 1000);
  const token = (await ctx.redis.eval(BEGIN, 0, lockMs)) as number;
  if (token === 0) return false;
  try {
    const rows = await loadLeaderboard(ctx, { limit });
    return (await ctx.redis.eval(END, 0, token, JSON.stringify([limit, rows]), ttlMs)) === 1;
  } catch (error) {
    await ctx.redis.eval(END, 0, token).catch(() => undefined);
    throw error;
  }
}

export async function getLeaderboard({ redis }: Ctx, { limit }: { limit: number }) {
  whole('limit', limit, 1000);
  const text = await redis.get('leaderboard:kept');
  const [most, rows] = text ? JSON.parse(text) : [0, []];
  return most < limit ? null : rows.slice(0, limit);
}

/** Of the leaderboard that counts: `scores`, `logins`, and `sales` with what each added. Sales up to `floor` are in it. */
const NAMES = `
local name = 'leaderboard:live:' .. (redis.call('GET', 'leaderboard:live') or 'first')
local function add(name, sale, player, earned, login)
  if redis.call('HSETNX', name .. ':sales', sale, player .. ' ' .. earned .. ' ' .. login) == 0 then return end
  redis.call('ZINCRBY', name .. ':scores', earned, player)
  redis.call('HSET', name .. ':logins', player, login)
end`;

const RECORD = `${NAMES}
if tonumber(ARGV[1]) > tonumber(redis.call('HGET', name .. ':sales', 'floor') or 0) then add(name, unpack(ARGV)) end`;

export async function recordEarning({ redis }: Ctx, { saleId, playerId, login, earned }: Sale): Promise<void> {
  const numbers = Object.entries({ saleId, playerId, earned }).map(([name, value]) => whole(name, value));
  await redis.eval(RECORD, 0, ...numbers, login);
}

const READ = `${NAMES}
local rows = {}
local flat = redis.call('ZRANGE', name .. ':scores', 0, -1, 'WITHSCORES')
for i = 1, #flat, 2 do rows[#rows + 1] = {flat[i], flat[i + 1], redis.call('HGET', name .. ':logins', flat[i])} end
return rows`;

export async function getLiveLeaderboard({ redis }: Ctx, { limit }: { limit: number }) {
  whole('limit', limit, 1000);
  const rows = (await redis.eval(READ, 0)) as [string, string, string][];
  return ranked(rows.map(([id, earned, login]) => ({ playerId: Number(id), login, earned: Number(earned) })), limit);
}

const SWAP = `${NAMES}
local new = 'leaderboard:live:' .. ARGV[1]
local known = {}
for i = 2, #ARGV do known[ARGV[i]] = true end
local floor = tonumber(redis.call('HGET', new .. ':sales', 'floor'))
local told = redis.call('HGETALL', name .. ':sales')
for i = 1, #told, 2 do
  if told[i] ~= 'floor' and not known[told[i]] and tonumber(told[i]) > floor then
    add(new, told[i], string.match(told[i + 1], '^(%d+) (%d+) (.*)$'))
  end
end
redis.call('SET', 'leaderboard:live', ARGV[1])
for _, part in ipairs({':scores', ':logins', ':sales'}) do
  redis.call('PERSIST', new .. part)
  redis.call('UNLINK', name .. part)
end
return redis.call('ZCARD', new .. ':scores')`;

export async function rebuildLiveLeaderboard({ redis, mysql, now }: Ctx): Promise<number> {
  const id = randomUUID();
  const name = `leaderboard:live:${id}`;
  const current = (await redis.get('leaderboard:live')) ?? 'first';
  const known = await redis.hkeys(`leaderboard:live:${current}:sales`);
  const since = new Date(now() - 3_600_000);
  const connection = await mysql.getConnection();
  const fill = redis.multi();
  try {
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    const [players] = (await connection.query(SUMS)) as any;
    const [[{ floor }]] = (await connection.query('SELECT COALESCE(MAX(id), 0) AS floor FROM sales WHERE sold_at < ?', [since])) as any;
    const [recent] = (await connection.query(
      'SELECT s.id, s.seller_id, s.total_price, p.login FROM sales s JOIN players p ON p.id = s.seller_id WHERE s.id > ?',
      [floor],
    )) as any;
    await connection.query('COMMIT');
    fill.hset(`${name}:sales`, 'floor', floor);
    for (const { playerId, login, earned } of players) fill.zadd(`${name}:scores`, earned, String(playerId)).hset(`${name}:logins`, playerId, login);
    for (const { id: sale, seller_id, total_price, login } of recent) fill.hset(`${name}:sales`, sale, `${seller_id} ${total_price} ${login}`);
  } finally {
    connection.destroy();
  }
  for (const part of [':scores', ':logins', ':sales']) fill.expire(name + part, 900);
  await fill.exec();
  return (await redis.eval(SWAP, 0, id, ...known)) as number;
}
