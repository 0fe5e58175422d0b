// The swap as WATCH and MULTI on a connection of its own, tried again where a sale came in between.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';

interface Ctx { redis: Redis; mysql: Pool; now(): number }

const limitOf = (limit: number): number => {
  if (typeof limit === 'number' && limit % 1 === 0 && limit > 0 && limit <= 1000) return limit;
  throw new RangeError(`limit ${limit}`);
};

const SUMS = 'SELECT seller_id, CAST(SUM(total_price) AS UNSIGNED) AS coins FROM sales GROUP BY seller_id';

async function everybody(query: (sql: string) => Promise<any>): Promise<any[]> {
  const [sums] = await query(`SELECT s.*, p.login FROM (${SUMS}) s JOIN players p ON p.id = s.seller_id`);
  return sums.map((row: any) => ({ playerId: row.seller_id, login: row.login, earned: row.coins }));
}

function withRanks(rows: any[]): any[] {
  rows.sort((a, b) => b.earned - a.earned || a.playerId - b.playerId);
  return rows.map((row) => ({ ...row, rank: 1 + rows.findIndex(({ earned }) => earned === row.earned) }));
}

export async function loadLeaderboard({ mysql }: Ctx, { limit }: any): Promise<any> {
  limitOf(limit);
  return withRanks(await everybody((sql) => mysql.query(sql))).slice(0, limit);
}

export async function refreshLeaderboard(ctx: Ctx, { limit, ttlMs, lockMs = 30_000 }: any): Promise<boolean> {
  limitOf(limit);
  const mine = `${process.pid} ${randomUUID()}`;
  if (!(await ctx.redis.set('leaderboard:who', mine, 'PX', lockMs, 'NX'))) return false;
  let rows: any[] | undefined;
  let trouble: unknown;
  try {
    rows = await loadLeaderboard(ctx, { limit });
  } catch (error) {
    trouble = error;
  }
  const text = rows ? `${limit} ${JSON.stringify(rows)}` : '';
  const script = `
    if redis.call('GET', 'leaderboard:who') ~= ARGV[1] then return 0 end
    redis.call('DEL', 'leaderboard:who')
    if ARGV[2] ~= '' then redis.call('PSETEX', 'leaderboard:100', ARGV[3], ARGV[2]) end
    return 1`;
  const kept = await ctx.redis.eval(script, 0, mine, text, ttlMs);
  if (!rows) throw trouble;
  return kept === 1;
}

export async function getLeaderboard({ redis }: Ctx, { limit }: any): Promise<any> {
  limitOf(limit);
  const text = await redis.get('leaderboard:100');
  if (!text || Number.parseInt(text, 10) < limit) return null;
  return JSON.parse(text.slice(text.indexOf(' '))).slice(0, limit);
}

/** ZREVRANGE sorts equal scores from the greatest text to the least: so the least id is the greatest text. */
const memberOf = (id: number) => String(Number.MAX_SAFE_INTEGER - id).padStart(16, '0');
const idOf = (member: string) => Number.MAX_SAFE_INTEGER - Number(member);

const RECORD = `
local sale = tonumber(ARGV[1])
local floor = tonumber(redis.call('GET', KEYS[4]) or '0')
if sale <= floor or redis.call('HEXISTS', KEYS[3], ARGV[1]) == 1 then return end
redis.call('HSET', KEYS[3], ARGV[1], ARGV[5])
redis.call('ZINCRBY', KEYS[1], ARGV[3], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])`;

const KEYS = ['leaderboard:live', 'leaderboard:live:names', 'leaderboard:live:sales', 'leaderboard:live:floor'] as const;

export async function recordEarning({ redis }: Ctx, sale: any): Promise<void> {
  const { saleId, playerId, login, earned } = sale;
  if (![saleId, playerId, earned].every((n) => Number.isSafeInteger(n) && n > 0)) throw new RangeError('no sale');
  await redis.eval(RECORD, 4, ...KEYS, saleId, memberOf(playerId), earned, login, JSON.stringify({ playerId, login, earned }));
}

export async function getLiveLeaderboard({ redis }: Ctx, { limit }: any): Promise<any> {
  const flat = await redis.call('ZREVRANGE', KEYS[0], '0', String(limitOf(limit) - 1), 'WITHSCORES') as any[];
  const pairs = flat.flat();
  const rows = [];
  for (let i = 0; i < pairs.length; i += 2) rows.push({ playerId: idOf(String(pairs[i])), login: '', earned: Number(pairs[i + 1]) });
  if (rows.length === 0) return [];
  const logins = await redis.hmget(KEYS[1], ...rows.map(({ playerId }) => memberOf(playerId)));
  return withRanks(rows.map((row, i) => ({ ...row, login: logins[i] })));
}

export async function rebuildLiveLeaderboard({ redis, mysql, now }: Ctx): Promise<any> {
  const known = new Set(await redis.hkeys(KEYS[2]));
  const since = new Date(now() - 3_600_000);
  const connection = await mysql.getConnection();
  let players: any[];
  let recent: any[];
  let floor: number;
  try {
    await connection.beginTransaction();
    players = await everybody((sql) => connection.query(sql));
    [[{ floor }]] = (await connection.query('SELECT COALESCE(MAX(id), 0) AS floor FROM sales WHERE sold_at < ?', [since])) as any;
    [recent] = (await connection.query(
      'SELECT s.id, p.id AS playerId, p.login, s.total_price AS earned FROM sales s JOIN players p ON p.id = s.seller_id WHERE s.id > ?',
      [floor],
    )) as any;
    await connection.commit();
  } finally {
    connection.release();
  }
  const own = redis.duplicate();
  try {
    for (;;) {
      await own.watch(KEYS[2]);
      const told = await own.hgetall(KEYS[2]);
      const sums = new Map(players.map((player) => [player.playerId, { ...player }]));
      const sales = new Map(recent.map(({ id, ...sale }) => [String(id), JSON.stringify(sale)]));
      for (const [id, text] of Object.entries(told)) {
        if (known.has(id) || sales.has(id) || Number(id) <= floor) continue;
        const { playerId, login, earned } = JSON.parse(text);
        const sum = sums.get(playerId) ?? { playerId, login, earned: 0 };
        sum.earned += earned;
        sums.set(playerId, sum);
        sales.set(id, text);
      }
      const multi = own.multi().del(...KEYS).set(KEYS[3], floor);
      for (const { playerId, login, earned } of sums.values())
        multi.zadd(KEYS[0], earned, memberOf(playerId)).hset(KEYS[1], memberOf(playerId), login);
      for (const [id, text] of sales) multi.hset(KEYS[2], id, text);
      if (await multi.exec()) return sums.size;
    }
  } finally {
    own.disconnect();
  }
}
