// A lease in Redis that ends by itself, with a number that grows: MySQL refuses a batch of whoever held it before.
import { setTimeout as pause } from 'node:timers/promises';
import type { PoolConnection, RowDataPacket } from 'mysql2/promise';
import type { LabContext } from '../../../src/lab/context.ts';
import type {
  FlusherOptions,
  FlushOptions,
  InventoryChange,
  RefusedChange,
} from '../../../src/contracts/write-behind.ts';

type Servers = Pick<LabContext, 'redis' | 'mysql'>;
const LEASE_MS = 300;

const ACCEPT = `
local id = cjson.decode(ARGV[1]).changeId
if redis.call('HEXISTS', 'late:state', id) == 1 then return 0 end
redis.call('HSET', 'late:state', id, 'open')
redis.call('XADD', 'late:stream', '*', 'json', ARGV[1])
return redis.call('HINCRBY', 'late:sum:' .. ARGV[2], ARGV[3], ARGV[4])`;

export async function acceptChange(
  { redis }: Pick<LabContext, 'redis'>,
  change: InventoryChange,
): Promise<void> {
  const { changeId, playerId, resourceId, delta } = change;
  const int = (n: unknown, least: number) => Number.isInteger(n) && Number(n) >= least && Number(n) < 2 ** 32;
  if (typeof changeId !== 'string' || !/^[!-~]{1,100}$/.test(changeId)) throw new TypeError('changeId');
  if (!int(playerId, 1) || !int(resourceId, 1)) throw new TypeError('player or resource');
  if (!int(delta, -(2 ** 32) + 1) || delta === 0) throw new TypeError('delta');
  const text = JSON.stringify({ changeId, playerId, resourceId, delta });
  await redis.eval(ACCEPT, 0, text, playerId, resourceId, delta);
}

export const getPending = async (
  { redis }: Pick<LabContext, 'redis'>,
  playerId: number,
  resourceId: number,
) => Number(await redis.hget(`late:sum:${playerId}`, String(resourceId)));

/** ARGV: ms. The number of the lease, or 0 where somebody holds it. */
const LEASE = `
if redis.call('EXISTS', 'late:lease') == 1 then return 0 end
local time = redis.call('TIME')
local number = math.max(redis.call('INCR', 'late:number'), time[1] * 1000000 + time[2])
redis.call('SET', 'late:number', string.format('%.0f', number))
redis.call('SET', 'late:lease', string.format('%.0f', number), 'PX', ARGV[1])
return string.format('%.0f', number)`;

const SETTLED = `
for i = 1, #ARGV, 2 do
  if redis.call('XDEL', 'late:stream', ARGV[i]) == 1 then
    local change = cjson.decode(ARGV[i + 1])
    redis.call('HINCRBY', 'late:sum:' .. string.format('%.0f', change.playerId),
      string.format('%.0f', change.resourceId), string.format('%.0f', -change.delta))
    redis.call('HSET', 'late:state', change.changeId, 'settled')
  end
end`;

class Stale extends Error {}

export async function flushChanges(
  { redis, mysql }: Servers,
  { batch = 100 }: FlushOptions = {},
): Promise<number> {
  let applied = 0;
  for (;;) {
    if ((await redis.xlen('late:stream')) === 0) return applied;
    const number = String(await redis.eval(LEASE, 0, LEASE_MS));
    if (number === '0') {
      await pause(10);
      continue;
    }
    try {
      const entries = await redis.xrange('late:stream', '-', '+', 'COUNT', batch);
      const changes = entries.map(([, [, text]]) => JSON.parse(text!) as InventoryChange);
      const connection = await mysql.getConnection();
      try {
        await connection.beginTransaction();
        applied += await write(connection, changes, number);
        await connection.commit();
        connection.release();
      } catch (error) {
        connection.destroy();
        if (error instanceof Stale) continue;
        throw error;
      }
      await redis.eval(SETTLED, 0, ...entries.flatMap(([entry, [, text]]) => [entry, text!]));
    } finally {
      const mine = "if redis.call('GET', 'late:lease') == ARGV[1] then redis.call('DEL', 'late:lease') end";
      await redis.eval(mine, 0, number).catch(() => {});
    }
  }
}

async function write(
  connection: PoolConnection,
  changes: InventoryChange[],
  number: string,
): Promise<number> {
  await connection.query(
    `INSERT INTO markers (name, value) VALUES ('late.number', ?)
     ON DUPLICATE KEY UPDATE value = IF(CAST(value AS UNSIGNED) < CAST(VALUES(value) AS UNSIGNED), VALUES(value), value)`,
    [number],
  );
  const [[fence]] = await connection.query<RowDataPacket[]>(
    "SELECT value FROM markers WHERE name = 'late.number' FOR UPDATE",
  );
  if (fence!.value !== number) throw new Stale();
  const all = changes.map(({ changeId }) => changeId);
  const [known] = await connection.query<RowDataPacket[]>(
    'SELECT write_id FROM applied_writes WHERE write_id IN (?) FOR UPDATE',
    [all],
  );
  const [real] = await connection.query<RowDataPacket[]>(
    `SELECT p.id AS player, r.id AS resource, COALESCE(i.quantity, 0) AS quantity
     FROM players p JOIN resources r
     LEFT JOIN inventories i ON i.player_id = p.id AND i.resource_id = r.id
     WHERE p.id IN (?) AND r.id IN (?) FOR UPDATE`,
    [changes.map(({ playerId }) => playerId), changes.map(({ resourceId }) => resourceId)],
  );
  const settled = new Set(known.map(({ write_id }) => write_id));
  const stock = new Map(real.map((row) => [`${row.player} ${row.resource}`, row]));
  const touched = new Set<RowDataPacket>();
  const dead: RefusedChange[] = [];
  const ids: string[] = [];
  for (const change of changes) {
    if (settled.has(change.changeId)) continue;
    settled.add(change.changeId);
    ids.push(change.changeId);
    const row = stock.get(`${change.playerId} ${change.resourceId}`);
    const quantity = Number(row?.quantity ?? 0) + change.delta;
    if (row && quantity >= 0 && quantity < 2 ** 32) {
      row.quantity = quantity;
      touched.add(row);
    } else dead.push({ ...change, reason: row ? `that would leave ${quantity}` : 'unknown' });
  }
  if (ids.length === 0) return 0;
  if (touched.size > 0)
    await connection.query(
      'INSERT INTO inventories (player_id, resource_id, quantity) VALUES ? ON DUPLICATE KEY UPDATE quantity = VALUES(quantity)',
      [[...touched].map(({ player, resource, quantity }) => [player, resource, quantity])],
    );
  if (dead.length > 0)
    await connection.query('INSERT INTO outbox (topic, payload) VALUES ?', [
      dead.map((one) => ['late.dead', JSON.stringify(one)]),
    ]);
  await connection.query('INSERT INTO applied_writes (write_id) VALUES ?', [ids.map((id) => [id])]);
  return ids.length - dead.length;
}

export async function getRefused({ mysql }: Pick<LabContext, 'mysql'>): Promise<RefusedChange[]> {
  const [rows] = await mysql.query<RowDataPacket[]>(
    "SELECT payload FROM outbox WHERE topic = 'late.dead' ORDER BY id",
  );
  return rows.map(({ payload }) => JSON.parse(payload));
}

export async function runFlusher(
  ctx: Servers,
  stopped: () => Promise<void>,
  { everyMs = 1000, batch = 100 }: FlusherOptions = {},
): Promise<void> {
  const memory = await ctx.redis.info('memory');
  const policy = memory.split('\r\n').find((line) => line.startsWith('maxmemory_policy:'));
  if (policy !== 'maxmemory_policy:noeviction')
    throw Object.assign(new Error(String(policy)), { name: 'RedisMayForget' });
  let running: Promise<unknown> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = flushChanges(ctx, { batch })
      .catch(() => {})
      .finally(() => {
        busy = false;
      });
  }, everyMs);
  try {
    await stopped();
  } finally {
    clearInterval(timer);
    await running;
  }
}
