// The kept one behind a pointer, a number for a lock, players in a hash sorted by the reader, one script that swaps.
import type { Redis } from 'ioredis';
import type { Pool } from 'mysql2/promise';

interface Ctx { redis: Redis; mysql: Pool; now(): number }

function mustBe(limit: number): void {
  if (!(Number.isInteger(limit) && limit > 0 && limit < 1001)) throw new RangeError(`There is no leaderboard of ${limit} rows.`);
}

const QUERY = `
WITH earned AS (SELECT seller_id, CAST(SUM(total_price) AS UNSIGNED) AS coins FROM sales GROUP BY seller_id)
SELECT p.id AS playerId, p.login AS login, e.coins AS earned,
  1 + (SELECT COUNT(*) FROM earned better WHERE better.coins > e.coins) AS \`rank\`
FROM earned e JOIN players p ON p.id = e.seller_id
ORDER BY e.coins DESC, p.id LIMIT `;

export async function loadLeaderboard({ mysql }: Ctx, { limit }: any): Promise<any> {
  mustBe(limit);
  const [rows] = await mysql.query(QUERY + limit);
  return rows;
}

const BEGIN = `
if redis.call('EXISTS', 'leaderboard:worker') == 1 then return 0 end
local n = redis.call('INCR', 'leaderboard:refreshes')
redis.call('EXPIRE', 'leaderboard:refreshes', 86400)
redis.call('SET', 'leaderboard:worker', n, 'PX', ARGV[1])
return n`;

const END = `
if redis.call('GET', 'leaderboard:worker') ~= ARGV[1] then return 0 end
redis.call('DEL', 'leaderboard:worker')
if not ARGV[3] then return 0 end
local key = 'leaderboard:rows:' .. ARGV[1]
redis.call('RPUSH', key, ARGV[2], unpack(ARGV, 4))
redis.call('PEXPIRE', key, ARGV[3])
redis.call('SET', 'leaderboard:rows', ARGV[1], 'PX', ARGV[3])
return 1`;

export async function refreshLeaderboard(ctx: Ctx, { limit, ttlMs, lockMs = 30_000 }: any): Promise<boolean> {
  mustBe(limit);
  const n = await ctx.redis.eval(BEGIN, 0, lockMs);
  if (n === 0) return false;
  let rows: any[];
  try {
    rows = await loadLeaderboard(ctx, { limit });
  } catch (error) {
    await ctx.redis.eval(END, 0, n as number, limit);
    throw error;
  }
  return (await ctx.redis.eval(END, 0, n as number, limit, ttlMs, ...rows.map((row) => JSON.stringify(row)))) === 1;
}

const READ = `
local n = redis.call('GET', 'leaderboard:rows')
return n and redis.call('LRANGE', 'leaderboard:rows:' .. n, 0, ARGV[1])`;

export async function getLeaderboard({ redis }: Ctx, { limit }: any): Promise<any> {
  mustBe(limit);
  const list = (await redis.eval(READ, 0, limit)) as string[] | null;
  if (!list?.length || Number(list[0]) < limit) return null;
  return list.slice(1).map((text) => JSON.parse(text));
}

const COUNT = `
local function count(players, sales, sale, player, earned, login)
  if redis.call('HSETNX', sales, sale, cjson.encode({player, earned, login})) == 0 then return end
  local before = redis.call('HGET', players, player)
  local sum = before and tonumber(string.match(before, '^%d+')) or 0
  redis.call('HSET', players, player, string.format('%.0f ', sum + tonumber(earned)) .. login)
end
`;

const RECORD = `${COUNT}
local floor = tonumber(redis.call('GET', 'leaderboard:floor') or '0')
if tonumber(ARGV[1]) > floor then count('leaderboard:players', 'leaderboard:sales', unpack(ARGV)) end`;

export async function recordEarning({ redis }: Ctx, { saleId, playerId, login, earned }: any): Promise<void> {
  const wrong = [saleId, playerId, earned].find((value) => !Number.isSafeInteger(value) || value < 1);
  if (wrong !== undefined || [saleId, playerId, earned].includes(undefined)) throw new RangeError('That is no sale.');
  await redis.eval(RECORD, 0, saleId, playerId, earned, login);
}

export async function getLiveLeaderboard({ redis }: Ctx, { limit }: any): Promise<any> {
  mustBe(limit);
  const players = await redis.hgetall('leaderboard:players');
  const rows = Object.entries(players).map(([id, text]) => {
    const at = text.indexOf(' ');
    return { playerId: Number(id), login: text.slice(at + 1), earned: Number(text.slice(0, at)), rank: 0 };
  });
  rows.sort((a, b) => b.earned - a.earned || a.playerId - b.playerId);
  const top = rows.slice(0, limit);
  for (const [i, row] of top.entries()) row.rank = i > 0 && top[i - 1]!.earned === row.earned ? top[i - 1]!.rank : i + 1;
  return top;
}

const SWAP = `${COUNT}
local given = cjson.decode(ARGV[1])
local known = {}
for _, sale in ipairs(given.known) do known[sale] = true end
local told = redis.call('HGETALL', 'leaderboard:sales')
redis.call('DEL', 'leaderboard:players', 'leaderboard:sales')
for _, player in ipairs(given.players) do redis.call('HSET', 'leaderboard:players', player[1], player[2]) end
for _, sale in ipairs(given.sales) do redis.call('HSET', 'leaderboard:sales', sale[1], sale[2]) end
redis.call('SET', 'leaderboard:floor', given.floor)
for i = 1, #told, 2 do
  if not known[told[i]] and tonumber(told[i]) > tonumber(given.floor) then
    count('leaderboard:players', 'leaderboard:sales', told[i], unpack(cjson.decode(told[i + 1])))
  end
end
return redis.call('HLEN', 'leaderboard:players')`;

export async function rebuildLiveLeaderboard({ redis, mysql, now }: Ctx): Promise<any> {
  const known = await redis.hkeys('leaderboard:sales');
  const since = new Date(now() - 3_600_000);
  // One statement sees one moment.
  const [rows]: any = await mysql.query(
    `SELECT 'player' AS what, p.id, p.login, CAST(SUM(s.total_price) AS CHAR) AS coins, 0 AS seller
       FROM sales s JOIN players p ON p.id = s.seller_id GROUP BY p.id, p.login
     UNION ALL SELECT 'sale', s.id, p.login, CAST(s.total_price AS CHAR), s.seller_id
       FROM sales s JOIN players p ON p.id = s.seller_id WHERE s.sold_at >= ?
     UNION ALL SELECT 'floor', COALESCE(MAX(id), 0), '', '0', 0 FROM sales WHERE sold_at < ?`,
    [since, since],
  );
  const given = { known, players: [] as any[], sales: [] as any[], floor: '0' };
  for (const { what, id, login, coins, seller } of rows) {
    if (what === 'player') given.players.push([String(id), `${coins} ${login}`]);
    else if (what === 'sale') given.sales.push([String(id), JSON.stringify([String(seller), coins, login])]);
    else given.floor = String(id);
  }
  return redis.eval(SWAP, 0, JSON.stringify(given));
}
