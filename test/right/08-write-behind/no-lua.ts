// no Lua at all: MULTI with SET NX and RPUSH, SORT ... GET reads, RENAME settles; UPDATE ... CASE and INSERT IGNORE; setInterval
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
const ORDER = 'nolua:order';
const WAITS = 'nolua:waits:';
const DONE = 'nolua:done:';

function unwrap(replies: [Error | null, unknown][] | null): unknown[] {
  if (replies === null) throw new Error('EXEC was discarded');
  return replies.map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
}

export async function acceptChange({ redis }: { redis: Redis }, change: Change): Promise<void> {
  assertChange(change);
  const { changeId, playerId, resourceId, delta } = change;
  const text = JSON.stringify([playerId, resourceId, delta]);
  unwrap(await redis.multi().set(WAITS + changeId, text, 'NX').rpush(ORDER, changeId).exec());
}

type Entry = Change & { done: boolean };

async function* entries(redis: Redis): AsyncGenerator<Entry> {
  const flat = (await redis.sort(ORDER, 'BY', 'nosort', 'GET', '#', 'GET', `${WAITS}*`, 'GET', `${DONE}*`)) as (
    | string
    | null
  )[];
  const seen = new Set<string>();
  for (let i = 0; i < flat.length; i += 3) {
    const changeId = flat[i]!;
    if (seen.has(changeId)) continue;
    seen.add(changeId);
    const done = flat[i + 2] !== null || flat[i + 1] === null;
    const [playerId, resourceId, delta] = JSON.parse(flat[i + 1] ?? '[0,0,0]') as [number, number, number];
    yield { changeId, playerId, resourceId, delta, done };
  }
}

export async function getPending({ redis }: { redis: Redis }, playerId: number, resourceId: number) {
  let sum = 0;
  for await (const entry of entries(redis))
    if (!entry.done && entry.playerId === playerId && entry.resourceId === resourceId) sum += entry.delta;
  return sum;
}

/** RENAME says no where another process was quicker: that is as good. */
async function settle(redis: Redis, all: Entry[]): Promise<void> {
  const multi = redis.multi();
  for (const { changeId, done } of all) {
    if (done) multi.del(WAITS + changeId);
    else multi.rename(WAITS + changeId, DONE + changeId);
    multi.pexpire(DONE + changeId, 100_000_000);
    multi.lrem(ORDER, 0, changeId);
  }
  const replies = await multi.exec();
  for (const [error] of replies ?? []) if (error && !/no such key/i.test(error.message)) throw error;
}

export async function flushChanges({ redis, mysql }: Both, { batch = 100 }: { batch?: number } = {}) {
  let applied = 0;
  let part: Entry[] = [];
  const write = async () => {
    const todo = part.filter(({ done }) => !done);
    if (todo.length > 0) applied += await transaction(mysql, (connection) => writeAll(connection, todo));
    if (part.length > 0) await settle(redis, part);
    part = [];
  };
  for await (const entry of entries(redis)) {
    part.push(entry);
    if (part.length === batch) await write();
  }
  await write();
  return applied;
}

async function writeAll(connection: PoolConnection, changes: Change[]): Promise<number> {
  await connection.query("INSERT IGNORE INTO markers (name, value) VALUES ('nolua', '')");
  await connection.query("SELECT value FROM markers WHERE name = 'nolua' FOR UPDATE");
  const places = [...new Map(changes.map((c) => [`${c.playerId}:${c.resourceId}`, [c.playerId, c.resourceId]])).values()];
  const rows = <T>(result: unknown) => (result as [T[]])[0];
  const known = rows<{ write_id: string }>(
    await connection.query('SELECT write_id FROM applied_writes WHERE write_id IN (?) FOR UPDATE', [
      changes.map(({ changeId }) => changeId),
    ]),
  ).map(({ write_id }) => write_id);
  const todo = changes.filter(({ changeId }) => !known.includes(changeId));
  if (todo.length === 0) return 0;
  // A row of 0 for each place that can be; the others are left out without an error.
  await connection.query(
    `INSERT INTO inventories (player_id, resource_id, quantity)
     SELECT p.id, r.id, 0 FROM players p JOIN resources r WHERE (p.id, r.id) IN (?)
     ON DUPLICATE KEY UPDATE inventories.quantity = inventories.quantity`,
    [places],
  );
  const stock = new Map(
    rows<{ player_id: number; resource_id: number; quantity: number }>(
      await connection.query(
        'SELECT player_id, resource_id, quantity FROM inventories WHERE (player_id, resource_id) IN (?) FOR UPDATE',
        [places],
      ),
    ).map((row) => [`${row.player_id}:${row.resource_id}`, row.quantity]),
  );
  const refused: unknown[][] = [];
  const ups = new Map<string, number>();
  for (const { changeId, playerId, resourceId, delta } of todo) {
    const place = `${playerId}:${resourceId}`;
    const before = stock.get(place);
    const after = (before ?? 0) + delta;
    if (before === undefined || after < 0 || after > MAX) {
      const reason = before === undefined ? 'no such player or resource' : `${place}: ${before} and ${delta} is ${after}`;
      refused.push(['nolua', JSON.stringify({ changeId, playerId, resourceId, delta, reason })]);
    } else {
      stock.set(place, after);
      ups.set(place, after);
    }
  }
  if (ups.size > 0) {
    const list = [...ups].map(([place, after]) => [...place.split(':').map(Number), after] as [number, number, number]);
    const cases = list.map(() => 'WHEN player_id = ? AND resource_id = ? THEN ?').join(' ');
    await connection.query(
      `UPDATE inventories SET quantity = CASE ${cases} ELSE quantity END WHERE (player_id, resource_id) IN (?)`,
      [...list.flat(), list.map(([player, resource]) => [player, resource])],
    );
  }
  if (refused.length > 0) await connection.query('INSERT INTO outbox (topic, payload) VALUES ?', [refused]);
  await connection.query('INSERT INTO applied_writes (write_id) VALUES ?', [todo.map(({ changeId }) => [changeId])]);
  return todo.length - refused.length;
}

export async function getRefused({ mysql }: Both) {
  const [rows] = await mysql.query("SELECT payload FROM outbox WHERE topic = 'nolua' ORDER BY id");
  return (rows as { payload: string }[]).map(({ payload }) => JSON.parse(payload));
}

export async function runFlusher(
  { redis, mysql }: Both,
  stopped: () => Promise<void>,
  { everyMs = 1000, batch = 100 }: { everyMs?: number; batch?: number } = {},
): Promise<void> {
  await mustNotForget(redis);
  let busy: Promise<unknown> | undefined;
  const tick = () => {
    busy ??= flushChanges({ redis, mysql }, { batch }).then(
      () => (busy = undefined),
      () => (busy = undefined),
    );
  };
  const timer = setInterval(tick, everyMs);
  try {
    await stopped();
  } finally {
    clearInterval(timer);
    await busy;
  }
}
