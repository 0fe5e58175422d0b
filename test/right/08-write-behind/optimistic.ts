// A list, and no turn: whoever is second to write a batch hears of it from the primary key, and looks again.
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, RowDataPacket } from 'mysql2/promise';
import type { LabContext } from '../../../src/lab/context.ts';
import type {
  FlusherOptions,
  FlushOptions,
  InventoryChange,
  RefusedChange,
} from '../../../src/contracts/write-behind.ts';

type Change = InventoryChange;
const MAX_QUANTITY = 2 ** 32 - 1;

const ACCEPT = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('RPUSH', KEYS[2], ARGV[1])
redis.call('INCRBY', KEYS[3], ARGV[2])
redis.call('SET', KEYS[1], 'queued')
return 1`;

const sumOf = (playerId: number, resourceId: number) => `inventory:pending:${playerId}:${resourceId}`;
const whole = (value: unknown) => Number.isInteger(value) && Math.abs(value as number) <= MAX_QUANTITY;

export async function acceptChange({ redis }: Pick<LabContext, 'redis'>, change: Change) {
  const { changeId, playerId, resourceId, delta } = change;
  const fine =
    typeof changeId === 'string' &&
    /^[\x21-\x7e]{1,100}$/.test(changeId) &&
    [playerId, resourceId, delta].every(whole) &&
    Math.min(playerId, resourceId) > 0 &&
    delta !== 0;
  if (!fine) throw new TypeError(`This is no change: ${JSON.stringify(change)}`);
  const text = JSON.stringify([changeId, playerId, resourceId, delta]);
  await redis.eval(
    ACCEPT,
    3,
    `inventory:change:${changeId}`,
    'inventory:queue',
    sumOf(playerId, resourceId),
    text,
    delta,
  );
}

export async function getPending({ redis }: Pick<LabContext, 'redis'>, playerId: number, resourceId: number) {
  return Number((await redis.get(sumOf(playerId, resourceId))) ?? 0);
}

/** Takes an entry off the head, and only where it is the head: whoever comes second takes nothing. */
const DONE = `
local n = 0
for i, text in ipairs(ARGV) do
  if redis.call('LINDEX', KEYS[1], 0) ~= text then break end
  redis.call('LPOP', KEYS[1])
  local change = cjson.decode(text)
  redis.call('INCRBY', KEYS[2 * i], string.format('%.0f', -change[4]))
  redis.call('SET', KEYS[2 * i + 1], 'done', 'EX', 172800)
  n = n + 1
end
return n`;

export async function flushChanges(
  { redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
  { batch = 100 }: FlushOptions = {},
): Promise<number> {
  let applied = 0;
  for (;;) {
    const texts = await redis.lrange('inventory:queue', 0, batch - 1);
    if (texts.length === 0) return applied;
    const changes = texts.map((text) => {
      const [changeId, playerId, resourceId, delta] = JSON.parse(text);
      return { changeId, playerId, resourceId, delta } as Change;
    });
    try {
      applied += await write(mysql, changes);
    } catch (error) {
      if ((error as { errno?: number }).errno !== 1062) throw error;
      continue; // somebody was quicker
    }
    const keys = changes.flatMap((c) => [sumOf(c.playerId, c.resourceId), `inventory:change:${c.changeId}`]);
    await redis.eval(DONE, keys.length + 1, 'inventory:queue', ...keys, ...texts);
  }
}

async function write(mysql: Pool, changes: Change[]): Promise<number> {
  const connection = await mysql.getConnection();
  try {
    await connection.query('START TRANSACTION');
    // A batch that another process writes right now is waited for.
    const ids = changes.map(({ changeId }) => changeId);
    const [done] = await connection.query<RowDataPacket[]>(
      'SELECT write_id FROM applied_writes WHERE write_id IN (?)',
      [ids],
    );
    const known = new Set(done.map(({ write_id }) => write_id));
    const fresh = changes.filter(({ changeId }) => !known.has(changeId) && known.add(changeId));
    if (fresh.length > 0)
      await connection.query('INSERT INTO applied_writes (write_id) VALUES ?', [
        fresh.map(({ changeId }) => [changeId]),
      ]);
    const [players] = await connection.query<RowDataPacket[]>('SELECT id FROM players WHERE id IN (?)', [
      changes.map(({ playerId }) => playerId),
    ]);
    const [resources] = await connection.query<RowDataPacket[]>('SELECT id FROM resources WHERE id IN (?)', [
      changes.map(({ resourceId }) => resourceId),
    ]);
    const isThere = (rows: RowDataPacket[], id: number) => rows.some((row) => row.id === id);
    const [rows] = await connection.query<RowDataPacket[]>(
      'SELECT * FROM inventories WHERE (player_id, resource_id) IN (?) FOR UPDATE',
      [changes.map(({ playerId, resourceId }) => [playerId, resourceId])],
    );
    const stock = new Map<string, [number, number, number]>();
    for (const row of rows)
      stock.set(`${row.player_id}/${row.resource_id}`, [row.player_id, row.resource_id, row.quantity]);
    const refused: RefusedChange[] = [];
    for (const change of fresh) {
      const { playerId, resourceId, delta } = change;
      const key = `${playerId}/${resourceId}`;
      const quantity = (stock.get(key)?.[2] ?? 0) + delta;
      const reason =
        quantity < 0
          ? 'not enough'
          : quantity > MAX_QUANTITY
            ? 'too much'
            : !isThere(players, playerId)
              ? 'no such player'
              : isThere(resources, resourceId)
                ? undefined
                : 'no such resource';
      if (reason) refused.push({ ...change, reason });
      else stock.set(key, [playerId, resourceId, quantity]);
    }
    if (stock.size > 0)
      await connection.query('REPLACE INTO inventories (player_id, resource_id, quantity) VALUES ?', [
        [...stock.values()],
      ]);
    if (refused.length > 0)
      await connection.query('INSERT INTO outbox (topic, payload) VALUES ?', [
        refused.map((one) => ['refused', JSON.stringify(one)]),
      ]);
    await connection.query('COMMIT');
    connection.release();
    return fresh.length - refused.length;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

export async function getRefused({ mysql }: Pick<LabContext, 'mysql'>): Promise<RefusedChange[]> {
  const [rows] = await mysql.query<RowDataPacket[]>(
    "SELECT payload FROM outbox WHERE topic = 'refused' ORDER BY id",
  );
  return rows.map(({ payload }) => JSON.parse(payload));
}

export async function runFlusher(
  ctx: Pick<LabContext, 'redis' | 'mysql'>,
  stopped: () => Promise<void>,
  { everyMs = 1000, batch = 100 }: FlusherOptions = {},
): Promise<void> {
  if (!(await ctx.redis.info('memory')).includes('maxmemory_policy:noeviction'))
    throw Object.assign(new Error('This Redis evicts.'), { name: 'RedisMayForget' });
  let over = false;
  const until = stopped().finally(() => {
    over = true;
  });
  until.catch(() => {});
  while (!over) {
    await flushChanges(ctx, { batch }).catch((error) => console.error(error.message));
    await Promise.race([until, pause(everyMs)]);
  }
  await until;
}
