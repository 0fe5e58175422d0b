// Another right way: members filled up with zeros, sales counted in a hash with a floor, a swap by a script that adds what it missed.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';

interface Ctx {
  redis: Redis;
  mysql: Pool;
  now(): number;
}

const EARNED = `
SELECT p.id AS playerId, p.login, e.earned, RANK() OVER (ORDER BY e.earned DESC) AS \`rank\`
FROM (SELECT seller_id, CAST(SUM(total_price) AS UNSIGNED) AS earned FROM sales GROUP BY seller_id) e
JOIN players p ON p.id = e.seller_id
WHERE e.earned > 0`;

function limitOf({ limit }: { limit: number }): number {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= 1000) return limit;
  throw new RangeError(`limit ${limit}`);
}

export async function loadLeaderboard({ mysql }: Ctx, options: any): Promise<any> {
  const limit = limitOf(options);
  const [rows] = await mysql.query(`${EARNED} ORDER BY e.earned DESC, p.id LIMIT ?`, [limit]);
  return rows;
}

const KEPT = 'leaderboard:kept';
const LOCK = 'leaderboard:lock';
const FINISH = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
if ARGV[2] == '' then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

export async function refreshLeaderboard(ctx: Ctx, options: any): Promise<boolean> {
  const { redis } = ctx;
  const limit = limitOf(options);
  const { ttlMs, lockMs = 30_000 } = options;
  const token = randomUUID();
  if ((await redis.set(LOCK, token, 'PX', lockMs, 'NX')) !== 'OK') return false;
  const finish = (text: string) => redis.eval(FINISH, 2, KEPT, LOCK, token, text, ttlMs);
  try {
    const rows = await loadLeaderboard(ctx, { limit });
    return (await finish(JSON.stringify({ limit, rows }))) === 1;
  } catch (error) {
    await finish('').catch(() => {});
    throw error;
  }
}

export async function getLeaderboard({ redis }: Ctx, options: any): Promise<any> {
  const limit = limitOf(options);
  const text = await redis.get(KEPT);
  if (text === null) return null;
  const kept = JSON.parse(text);
  return limit > kept.limit ? null : kept.rows.slice(0, limit);
}

const LIVE = 'leaderboard:live';
const LOGINS = 'leaderboard:logins';
const COUNTED = 'leaderboard:counted';
const memberOf = (id: number) => String(id).padStart(16, '0');

const RECORD = `
if tonumber(ARGV[1]) <= tonumber(redis.call('HGET', KEYS[3], 'floor') or '0') then return end
if redis.call('HSETNX', KEYS[3], ARGV[1], ARGV[2] .. ':' .. ARGV[3]) == 0 then return end
redis.call('ZINCRBY', KEYS[1], '-' .. ARGV[3], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])`;

export async function recordEarning({ redis }: Ctx, sale: any): Promise<void> {
  for (const name of ['saleId', 'playerId', 'earned']) {
    if (!Number.isSafeInteger(sale[name]) || sale[name] < 1) throw new RangeError(`${name} ${sale[name]}`);
  }
  const member = memberOf(sale.playerId);
  await redis.eval(RECORD, 3, LIVE, LOGINS, COUNTED, sale.saleId, member, sale.earned, sale.login);
}

const TOP = `
local flat = {}
local top = redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1, 'WITHSCORES')
for i = 1, #top, 2 do
  flat[#flat + 1] = top[i]
  flat[#flat + 1] = top[i + 1]
  flat[#flat + 1] = redis.call('HGET', KEYS[2], top[i])
end
return flat`;

export async function getLiveLeaderboard({ redis }: Ctx, options: any): Promise<any> {
  const flat: any = await redis.eval(TOP, 2, LIVE, LOGINS, limitOf(options));
  const rows: any[] = [];
  for (let i = 0; i < flat.length; i += 3) {
    const earned = -Number(flat[i + 1]);
    const above = rows.at(-1);
    const rank = above?.earned === earned ? above.rank : rows.length + 1;
    rows.push({ playerId: Number(flat[i]), login: flat[i + 2], earned, rank });
  }
  return rows;
}

const SWAP = `
local before = {}
for _, sale in ipairs(ARGV) do before[sale] = true end
local floor = tonumber(redis.call('HGET', KEYS[6], 'floor'))
local told = redis.call('HGETALL', KEYS[3])
for i = 1, #told, 2 do
  local sale = told[i]
  if sale ~= 'floor' and not before[sale] and tonumber(sale) > floor
    and redis.call('HSETNX', KEYS[6], sale, told[i + 1]) == 1 then
    local member, earned = string.match(told[i + 1], '(%d+):(%d+)')
    redis.call('ZINCRBY', KEYS[4], '-' .. earned, member)
    redis.call('HSET', KEYS[5], member, redis.call('HGET', KEYS[2], member))
  end
end
for i = 1, 3 do
  redis.call('DEL', KEYS[i])
  if redis.call('EXISTS', KEYS[i + 3]) == 1 then
    redis.call('RENAME', KEYS[i + 3], KEYS[i])
    redis.call('PERSIST', KEYS[i])
  end
end
return redis.call('ZCARD', KEYS[1])`;

export async function rebuildLiveLeaderboard({ redis, mysql, now }: Ctx): Promise<any> {
  const before = await redis.hkeys(COUNTED);
  const { players, recent, floor } = await readSales(mysql, new Date(now() - 3_600_000));
  const fresh = [LIVE, LOGINS, COUNTED].map((key) => `${key}:${randomUUID()}`) as [string, string, string];
  const fill = redis.multi().hset(fresh[2], 'floor', floor);
  for (const { playerId, login, earned } of players)
    fill.zadd(fresh[0], -earned, memberOf(playerId)).hset(fresh[1], memberOf(playerId), login);
  for (const { id, seller, earned } of recent) fill.hset(fresh[2], id, `${memberOf(seller)}:${earned}`);
  for (const key of fresh) fill.pexpire(key, 600_000);
  await fill.exec();
  return redis.eval(SWAP, 6, LIVE, LOGINS, COUNTED, ...fresh, ...before);
}

async function readSales(mysql: Pool, since: Date): Promise<any> {
  const connection = await mysql.getConnection();
  try {
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
    const [players] = await connection.query(EARNED);
    const [[last]]: any = await connection.query(
      'SELECT id FROM sales WHERE sold_at < ? ORDER BY id DESC LIMIT 1',
      [since],
    );
    const floor = last?.id ?? 0;
    const [recent] = await connection.query(
      'SELECT id, seller_id AS seller, total_price AS earned FROM sales WHERE id > ?',
      [floor],
    );
    await connection.query('COMMIT');
    return { players, recent, floor };
  } finally {
    connection.release();
  }
}
