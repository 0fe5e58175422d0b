// one RPUSH accepts, readers pass over what came twice; ids are claimed by INSERT before anything else; a loop with timers/promises
import type { Redis } from 'ioredis';
import type { Pool, PoolConnection } from 'mysql2/promise';

type Change = { changeId: string; playerId: number; resourceId: number; delta: number };
type Both = { redis: Redis; mysql: Pool };
const MAX = 4_294_967_295;

function assertChange(change: Change): void {
  const { changeId, playerId, resourceId, delta } = change;
  if (typeof changeId !== 'string' || !/^[\x21-\x7e]{1,100}$/.test(changeId)) throw new TypeError('changeId');
  for (const id of [playerId, resourceId])
    if (!Number.isInteger(id) || id < 1 || id > MAX) throw new TypeError('no id');
  if (!Number.isInteger(delta) || delta === 0 || Math.abs(delta) > MAX) throw new TypeError('no delta');
}

async function mustNotForget(redis: Redis): Promise<void> {
  const info = await redis.info('memory');
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (policy === 'noeviction') return;
  throw Object.assign(new Error(`Redis may forget: ${policy}`), { name: 'RedisMayForget' });
}

async function transaction<T>(mysql: Pool, work: (connection: PoolConnection) => Promise<T>): Promise<T> {
  const connection = await mysql.getConnection();
  try {
    await connection.query('START TRANSACTION');
    const result = await work(connection);
    await connection.query('COMMIT');
    connection.release();
    return result;
  } catch (error) {
    try {
      await connection.query('ROLLBACK');
      connection.release();
    } catch {
      connection.destroy();
    }
    throw error;
  }
}
import { setTimeout as sleep } from 'node:timers/promises';

const LOG = 'ledger:log';
const DONE = 'ledger:done'; // id -> until when it is known, s

export async function acceptChange({ redis }: { redis: Redis }, change: Change): Promise<void> {
  assertChange(change);
  const { changeId, playerId, resourceId, delta } = change;
  await redis.rpush(LOG, JSON.stringify({ changeId, playerId, resourceId, delta }));
}

/** What waits, each id once; and every entry of the log that needs no write any more. */
async function readLog(redis: Redis): Promise<{ waits: Change[]; entries: string[]; done: Set<string> }> {
  const replies = await redis.multi().lrange(LOG, 0, -1).hkeys(DONE).exec();
  const [[e1, entries], [e2, ids]] = replies as [[Error | null, string[]], [Error | null, string[]]];
  if (e1 ?? e2) throw e1 ?? e2;
  const done = new Set(ids);
  const waits = new Map<string, Change>();
  for (const entry of entries) {
    const change = JSON.parse(entry) as Change;
    if (!done.has(change.changeId) && !waits.has(change.changeId)) waits.set(change.changeId, change);
  }
  return { waits: [...waits.values()], entries, done };
}

export async function getPending({ redis }: { redis: Redis }, playerId: number, resourceId: number) {
  const { waits } = await readLog(redis);
  return waits
    .filter((change) => change.playerId === playerId && change.resourceId === resourceId)
    .reduce((sum, { delta }) => sum + delta, 0);
}

/** LREM first: it needs no memory, and after it a full Redis lets the script go on. */
const SETTLE = `
local log, done = KEYS[1], KEYS[2]
redis.call('LREM', log, 0, '')
local now = tonumber(redis.call('TIME')[1])
local is = {}
for _, id in ipairs(ARGV) do
  is[id] = true
  redis.call('HSET', done, id, now + 100000)
end
local all = redis.call('LRANGE', log, 0, -1)
local gone = 0
for i, entry in ipairs(all) do
  local id = cjson.decode(entry).changeId
  if is[id] or redis.call('HEXISTS', done, id) == 1 then
    redis.call('LSET', log, i - 1, '')
    gone = gone + 1
  end
end
if gone > 0 then redis.call('LREM', log, 0, '') end
for id, untilThen in pairs((function(flat) local map = {} for i = 1, #flat, 2 do map[flat[i]] = flat[i + 1] end return map end)(redis.call('HGETALL', done))) do
  if tonumber(untilThen) < now then redis.call('HDEL', done, id) end
end`;

export async function flushChanges({ redis, mysql }: Both, { batch = 100 }: { batch?: number } = {}) {
  const { waits, entries } = await readLog(redis);
  if (entries.length > 0 && waits.length === 0) await redis.eval(SETTLE, 2, LOG, DONE);
  let applied = 0;
  for (let i = 0; i < waits.length; i += batch) {
    const part = waits.slice(i, i + batch);
    applied += await written(mysql, part);
    await redis.eval(SETTLE, 2, LOG, DONE, ...part.map(({ changeId }) => changeId));
  }
  return applied;
}

/** Writes them; where somebody else has some of them, without those. */
async function written(mysql: Pool, changes: Change[]): Promise<number> {
  let todo = changes;
  for (let attempt = 0; ; attempt++) {
    if (todo.length === 0) return 0;
    try {
      return await transaction(mysql, (connection) => claimAndWrite(connection, todo));
    } catch (error) {
      const { errno } = error as { errno?: number };
      if (![1062, 1213, 1205, 1020].includes(errno ?? 0) || attempt === 5) throw error;
      const [rows] = await mysql.query('SELECT write_id FROM applied_writes WHERE write_id IN (?)', [
        todo.map(({ changeId }) => changeId),
      ]);
      const known = new Set((rows as { write_id: string }[]).map(({ write_id }) => write_id));
      todo = todo.filter(({ changeId }) => !known.has(changeId));
    }
  }
}

async function claimAndWrite(connection: PoolConnection, todo: Change[]): Promise<number> {
  await connection.query('INSERT INTO applied_writes (write_id) VALUES ?', [todo.map(({ changeId }) => [changeId])]);
  const ids = (of: (change: Change) => number) => [...new Set(todo.map(of))].sort((a, b) => a - b);
  const players = await existing(connection, 'players', ids(({ playerId }) => playerId));
  const resources = await existing(connection, 'resources', ids(({ resourceId }) => resourceId));
  const [held] = await connection.query(
    'SELECT player_id, resource_id, quantity FROM inventories WHERE player_id IN (?) ORDER BY player_id, resource_id FOR UPDATE',
    [ids(({ playerId }) => playerId)],
  );
  const stock = new Map<string, number>();
  for (const row of held as { player_id: number; resource_id: number; quantity: number }[])
    stock.set(`${row.player_id}:${row.resource_id}`, row.quantity);
  const changed = new Map<string, [number, number, number]>();
  const refused: [string, string][] = [];
  for (const change of todo) {
    const { playerId, resourceId, delta } = change;
    const place = `${playerId}:${resourceId}`;
    const after = (stock.get(place) ?? 0) + delta;
    const no = !players.has(playerId)
      ? `no player ${playerId}`
      : !resources.has(resourceId)
        ? `no resource ${resourceId}`
        : after < 0
          ? `${place} would hold ${after}`
          : after > MAX
            ? `${place} cannot hold ${after}`
            : '';
    if (no) refused.push(['ledger', JSON.stringify({ ...change, reason: no })]);
    else {
      stock.set(place, after);
      changed.set(place, [playerId, resourceId, after]);
    }
  }
  if (changed.size > 0) {
    await connection.query(
      'INSERT INTO inventories (player_id, resource_id, quantity) VALUES ? ON DUPLICATE KEY UPDATE quantity = VALUES(quantity)',
      [[...changed.values()]],
    );
  }
  if (refused.length > 0) await connection.query('INSERT INTO outbox (topic, payload) VALUES ?', [refused]);
  return todo.length - refused.length;
}

async function existing(connection: PoolConnection, table: 'players' | 'resources', ids: number[]) {
  const [rows] = await connection.query('SELECT id FROM ?? WHERE id IN (?) ORDER BY id FOR UPDATE', [table, ids]);
  return new Set((rows as { id: number }[]).map(({ id }) => id));
}

export async function getRefused({ mysql }: Both) {
  const [rows] = await mysql.query("SELECT payload FROM outbox WHERE topic = 'ledger' ORDER BY id");
  return (rows as { payload: string }[]).map(({ payload }) => JSON.parse(payload));
}

export async function runFlusher(
  { redis, mysql }: Both,
  stopped: () => Promise<void>,
  { everyMs = 1000, batch = 100 }: { everyMs?: number; batch?: number } = {},
): Promise<void> {
  await mustNotForget(redis);
  const stop = new AbortController();
  const stopping = stopped().finally(() => stop.abort());
  stopping.catch(() => {});
  while (!stop.signal.aborted) {
    await flushChanges({ redis, mysql }, { batch }).catch(() => {});
    await sleep(everyMs, undefined, { signal: stop.signal }).catch(() => {});
  }
  await stopping;
}
