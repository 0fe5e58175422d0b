// A sorted set by number, a hash of changes, and a lock of MySQL's that its connection holds: where that ends, both do.
import { Queue, Worker } from 'bullmq';
import type { Pool, PoolConnection, RowDataPacket } from 'mysql2/promise';
import type { LabContext } from '../../../src/lab/context.ts';
import type {
  FlusherOptions,
  FlushOptions,
  InventoryChange,
  RefusedChange,
} from '../../../src/contracts/write-behind.ts';

const ACCEPT = `
if redis.call('ZSCORE', 'wb:done', ARGV[1]) or redis.call('HSETNX', 'wb:changes', ARGV[1], ARGV[2]) == 0 then return end
redis.call('ZADD', 'wb:order', redis.call('INCR', 'wb:number'), ARGV[1])
redis.call('ZINCRBY', 'wb:sums', ARGV[4], ARGV[3])`;

const DONE = `
for i = 2, #ARGV, 3 do
  if redis.call('HDEL', 'wb:changes', ARGV[i]) == 1 then
    redis.call('ZREM', 'wb:order', ARGV[i])
    redis.call('ZINCRBY', 'wb:sums', ARGV[i + 2], ARGV[i + 1])
    redis.call('ZADD', 'wb:done', ARGV[1], ARGV[i])
  end
end
redis.call('ZREMRANGEBYSCORE', 'wb:done', 0, ARGV[1] - 90000000)`;

export async function acceptChange(
  { redis }: Pick<LabContext, 'redis'>,
  { changeId, playerId, resourceId, delta }: InventoryChange,
): Promise<void> {
  const no = (what: string) => {
    throw new TypeError(`${what} is not right`);
  };
  if (typeof changeId !== 'string' || changeId.length > 100 || !/^[!-~]+$/.test(changeId)) no('changeId');
  for (const [name, value] of Object.entries({ playerId, resourceId, delta: Math.abs(delta) }))
    if (typeof value !== 'number' || !(value >= 1 && value < 2 ** 32) || value % 1 !== 0) no(name);
  if (typeof delta !== 'number') no('delta');
  const text = JSON.stringify({ changeId, playerId, resourceId, delta });
  await redis.eval(ACCEPT, 0, changeId, text, `${playerId}-${resourceId}`, delta);
}

export const getPending = async (
  { redis }: Pick<LabContext, 'redis'>,
  playerId: number,
  resourceId: number,
) => Number((await redis.zscore('wb:sums', `${playerId}-${resourceId}`)) ?? 0);

export async function flushChanges(
  { redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
  { batch = 100 }: FlushOptions = {},
): Promise<number> {
  if (!(await redis.exists('wb:order'))) return 0;
  const connection = await mysql.getConnection();
  try {
    const name = 'SELECT GET_LOCK(SHA2(CONCAT(DATABASE(), " write-behind"), 256), 30) AS mine';
    const [[lock]] = await connection.query<RowDataPacket[]>(name);
    if (lock!.mine !== 1) throw new Error('Another process has been flushing for half a minute.');
    let applied = 0;
    for (;;) {
      const ids = await redis.zrange('wb:order', 0, batch - 1);
      if (ids.length === 0) {
        await connection.query('SELECT RELEASE_LOCK(SHA2(CONCAT(DATABASE(), " write-behind"), 256))');
        connection.release();
        return applied;
      }
      const changes = (await redis.hmget('wb:changes', ...ids)).map((text) => JSON.parse(text!));
      applied += await decide(connection, changes);
      const values = changes.flatMap((c) => [c.changeId, `${c.playerId}-${c.resourceId}`, -c.delta]);
      await redis.eval(DONE, 0, Date.now(), ...values);
    }
  } catch (error) {
    connection.destroy(); // the lock and the transaction go with it
    throw error;
  }
}

/** One after the other in a SAVEPOINT of its own where the whole batch will not go. */
async function decide(connection: PoolConnection, changes: InventoryChange[]): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT write_id FROM applied_writes WHERE write_id IN (?)',
    [changes.map(({ changeId }) => changeId)],
  );
  const done = new Set(rows.map(({ write_id }) => write_id));
  const fresh = changes.filter(({ changeId }) => !done.has(changeId));
  if (fresh.length === 0) return 0;
  await connection.query('START TRANSACTION');
  let refused = 0;
  const growing = fresh.every(({ delta }) => delta > 0);
  try {
    if (!growing) throw Object.assign(new Error('one by one'), { sqlState: '22000' });
    await add(connection, fresh);
  } catch (error) {
    if (!isData(error)) throw error;
    await connection.query('ROLLBACK');
    await connection.query('START TRANSACTION');
    for (const change of fresh) {
      await connection.query('SAVEPOINT one');
      try {
        await add(connection, [change]);
      } catch (error) {
        if (!isData(error)) throw error;
        await connection.query('ROLLBACK TO one');
        const payload = JSON.stringify({ ...change, reason: (error as Error).message });
        await connection.query('INSERT INTO outbox (topic, payload) VALUES ("dead letter", ?)', [payload]);
        refused++;
      }
    }
  }
  await connection.query('INSERT INTO applied_writes (write_id) VALUES ?', [
    fresh.map(({ changeId }) => [changeId]),
  ]);
  await connection.query('COMMIT');
  return fresh.length - refused;
}

const isData = (error: unknown) =>
  ['22', '23'].includes((error as { sqlState?: string }).sqlState?.slice(0, 2) ?? '');

async function add(connection: PoolConnection, changes: InventoryChange[]): Promise<void> {
  for (const { playerId, resourceId, delta } of changes.length === 1 && changes[0]!.delta < 0
    ? changes
    : []) {
    const [[row]] = await connection.query<RowDataPacket[]>(
      'SELECT quantity FROM inventories WHERE player_id = ? AND resource_id = ? FOR UPDATE',
      [playerId, resourceId],
    );
    if ((row?.quantity ?? 0) + delta < 0)
      throw Object.assign(new Error(`only ${row?.quantity ?? 0} are there`), { sqlState: '22003' });
    await connection.query(
      'UPDATE inventories SET quantity = quantity - ? WHERE player_id = ? AND resource_id = ?',
      [-delta, playerId, resourceId],
    );
    return;
  }
  await connection.query(
    'INSERT INTO inventories (player_id, resource_id, quantity) VALUES ? ON DUPLICATE KEY UPDATE quantity = quantity + VALUES(quantity)',
    [changes.map(({ playerId, resourceId, delta }) => [playerId, resourceId, delta])],
  );
}

export async function getRefused({ mysql }: { mysql: Pool }): Promise<RefusedChange[]> {
  const [rows] = await mysql.query<RowDataPacket[]>(
    'SELECT payload FROM outbox WHERE topic = "dead letter" ORDER BY id',
  );
  return rows.map(({ payload }) => JSON.parse(payload));
}

export async function runFlusher(
  ctx: Pick<LabContext, 'redis' | 'mysql'>,
  stopped: () => Promise<void>,
  { everyMs = 1000, batch = 100 }: FlusherOptions = {},
): Promise<void> {
  const info = await ctx.redis.info();
  if (!/^maxmemory_policy:noeviction\r?$/m.test(info)) {
    const error = new Error('noeviction, please');
    error.name = 'RedisMayForget';
    throw error;
  }
  const connection = ctx.redis.duplicate({ maxRetriesPerRequest: null });
  connection.on('error', () => {});
  const queue = new Queue('inventory', { connection });
  queue.on('error', () => {});
  // A job that adds the next one itself, whether it went well or not.
  const again = () => queue.add('flush', {}, { delay: everyMs, removeOnComplete: true, removeOnFail: true });
  let over = false;
  const worker = new Worker(
    'inventory',
    async () => {
      await flushChanges(ctx, { batch }).catch(() => {});
      if (!over) await again();
    },
    { connection, concurrency: 1 },
  );
  worker.on('error', () => {});
  await again();
  await stopped();
  over = true;
  await worker.close();
  await queue.close();
  connection.disconnect();
}
