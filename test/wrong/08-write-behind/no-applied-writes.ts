// fails: 08.flush.writes 08.flush.cut-mysql 08.flush.cut-redis
// Keeps no changeId in MySQL: nobody can tell whether a change was written.
import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Pool, PoolConnection, RowDataPacket } from 'mysql2/promise';
import type { LabContext } from '../../../src/lab/context.ts';
import type {
  FlusherOptions,
  FlushOptions,
  InventoryChange,
  RefusedChange,
} from '../../../src/market/write-behind.ts';

/** A stream: what is accepted and not yet settled, in the order of acceptance. */
const LOG = 'write-behind:log';
/** A hash: the sum of that for each player and resource, `7:2` to `-5`. */
const PENDING = 'write-behind:pending';
/** That a change was accepted. */
const seen = (changeId: string) => `write-behind:seen:${changeId}`;

/** KEYS: the mark of the change, the log, the sums. ARGV: whose (`7:2`), the delta, the change as JSON. */
const ACCEPT = `
if not redis.call('SET', KEYS[1], '', 'NX') then return end
redis.call('XADD', KEYS[2], '*', 'change', ARGV[3])
redis.call('HINCRBY', KEYS[3], ARGV[1], ARGV[2])`;

export async function acceptChange(
  { redis }: Pick<LabContext, 'redis'>,
  given: InventoryChange,
): Promise<void> {
  const change = checked(given);
  const text = JSON.stringify(change);
  await redis.eval(ACCEPT, 3, seen(change.changeId), LOG, PENDING, placeOf(change), change.delta, text);
}

export async function getPending(
  { redis }: Pick<LabContext, 'redis'>,
  playerId: number,
  resourceId: number,
): Promise<number> {
  return Number(await redis.hget(PENDING, placeOf({ playerId, resourceId })));
}

const placeOf = ({ playerId, resourceId }: { playerId: number; resourceId: number }) =>
  `${playerId}:${resourceId}`;

const LARGEST = 4_294_967_295;

function checked({ changeId, playerId, resourceId, delta }: InventoryChange): InventoryChange {
  const whole = (value: number) => Number.isSafeInteger(value) && Math.abs(value) <= LARGEST;
  if (typeof changeId !== 'string' || !/^[!-~]{1,100}$/.test(changeId))
    throw new TypeError(`changeId must be 1 to 100 visible ASCII characters, not ${String(changeId)}.`);
  if (!whole(playerId) || playerId < 1)
    throw new TypeError(`playerId must be a whole number from 1 on, not ${String(playerId)}.`);
  if (!whole(resourceId) || resourceId < 1)
    throw new TypeError(`resourceId must be a whole number from 1 on, not ${String(resourceId)}.`);
  if (!whole(delta) || delta === 0)
    throw new TypeError(`delta must be a whole number other than 0, not ${String(delta)}.`);
  return { changeId, playerId, resourceId, delta };
}

/** A change and the id of its entry in the log. */
interface Entry extends InventoryChange {
  entry: string;
}

export async function flushChanges(
  { redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
  { batch = 100 }: FlushOptions = {},
): Promise<number> {
  const [last] = await redis.xrevrange(LOG, '+', '-', 'COUNT', 1);
  let applied = 0;
  for (;;) {
    const entries = last ? await redis.xrange(LOG, '-', last[0], 'COUNT', batch) : [];
    if (entries.length === 0) return applied;
    const changes = entries.map(([entry, [, text]]) => ({ ...JSON.parse(text!), entry }) as Entry);
    applied += await settle(mysql, changes);
    await acknowledge(redis, changes);
  }
}

/** So long Redis remembers a change that is settled, ms: a day. */
const REMEMBER_MS = 86_400_000;

/** KEYS: the log, the sums, the mark of each change. ARGV: ms to remember it; of each: its entry, whose, minus its delta. */
const ACKNOWLEDGE = `
for i = 3, #KEYS do
  local at = (i - 3) * 3 + 2
  if redis.call('XDEL', KEYS[1], ARGV[at]) == 1 then
    if redis.call('HINCRBY', KEYS[2], ARGV[at + 1], ARGV[at + 2]) == 0 then
      redis.call('HDEL', KEYS[2], ARGV[at + 1])
    end
    redis.call('PEXPIRE', KEYS[i], ARGV[1])
  end
end`;

async function acknowledge(redis: Redis, changes: Entry[]): Promise<void> {
  const keys = [LOG, PENDING, ...changes.map(({ changeId }) => seen(changeId))];
  const values = changes.flatMap((change) => [change.entry, placeOf(change), -change.delta]);
  await redis.eval(ACKNOWLEDGE, keys.length, ...keys, REMEMBER_MS, ...values);
}

/** Which of the changes no transaction has settled, each once. From here to COMMIT no other flusher settles any. */
async function unsettled(connection: PoolConnection, changes: Entry[]): Promise<Entry[]> {
  await connection.query(
    "INSERT INTO markers (name, value) VALUES ('write-behind.turn', '') ON DUPLICATE KEY UPDATE value = value",
  );
  const byId = new Map(changes.map((change) => [change.changeId, change]));
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT write_id FROM applied_writes WHERE write_id IN (?)',
    [[...byId.keys()]],
  );
  for (const { write_id } of rows) byId.delete(write_id);
  return [...byId.values()];
}

async function markSettled(connection: PoolConnection, changes: Entry[]): Promise<void> {
  const ids = changes.map(({ changeId }) => [changeId]);
  if (ids.length === 0) return;
}

async function inTransaction<T>(mysql: Pool, work: (connection: PoolConnection) => Promise<T>): Promise<T> {
  const connection = await mysql.getConnection();
  try {
    await connection.beginTransaction();
    const value = await work(connection);
    await connection.commit();
    return value;
  } catch (error) {
    await connection.rollback().catch(() => connection.destroy());
    throw error;
  } finally {
    connection.release();
  }
}

/** Whether MySQL answered that this data cannot be: out of range, a CHECK, no such player, a trigger's SIGNAL. */
function isRefusal(error: Error & { sqlState?: string; errno?: number }): boolean {
  return error instanceof Refused || error.errno === 3819 || /^(22|23|45)/.test(error.sqlState ?? '');
}

async function apply(connection: PoolConnection, changes: Entry[]): Promise<number> {
  const open = await unsettled(connection, changes);
  if (open.length === 0) return 0;
  const held = new Map<string, number>();
  const places = open.map(({ playerId, resourceId }) => [playerId, resourceId]);
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT player_id, resource_id, quantity FROM inventories WHERE (player_id, resource_id) IN (?) FOR UPDATE',
    [places],
  );
  for (const { player_id, resource_id, quantity } of rows)
    held.set(placeOf({ playerId: player_id, resourceId: resource_id }), quantity);
  for (const change of open) {
    const place = placeOf(change);
    const quantity = (held.get(place) ?? 0) + change.delta;
    if (quantity < 0 || quantity > LARGEST)
      throw new Refused(`player ${change.playerId} would hold ${quantity} of resource ${change.resourceId}`);
    held.set(place, quantity);
  }
  await connection.query(
    `INSERT INTO inventories (player_id, resource_id, quantity) VALUES ?
     ON DUPLICATE KEY UPDATE quantity = VALUES(quantity)`,
    [[...held].map(([place, quantity]) => [...place.split(':'), quantity])],
  );
  await markSettled(connection, open);
  return open.length;
}

/** A change that cannot be applied at its turn, whoever tries. */
class Refused extends Error {}

/** Applies changes or refuses them, all in one transaction where MySQL takes all. Resolves to how many were applied. */
async function settle(mysql: Pool, changes: Entry[]): Promise<number> {
  try {
    return await inTransaction(mysql, (connection) => apply(connection, changes));
  } catch (error) {
    if (!isRefusal(error as Error)) throw error;
    const [first, ...others] = changes as [Entry, ...Entry[]];
    if (others.length === 0) {
      await inTransaction(mysql, (connection) => refuse(connection, first, (error as Error).message));
      return 0;
    }
    const half = changes.length >> 1;
    return (await settle(mysql, changes.slice(0, half))) + (await settle(mysql, changes.slice(half)));
  }
}

/** Topic of the outbox: what was accepted and cannot be written. */
const REFUSED = 'inventory.refused';

async function refuse(connection: PoolConnection, change: Entry, reason: string): Promise<void> {
  const open = await unsettled(connection, [change]);
  if (open.length === 0) return;
  const { entry, ...refused } = change;
  const payload = JSON.stringify({ ...refused, reason });
  await connection.query('INSERT INTO outbox (topic, payload) VALUES (?, ?)', [REFUSED, payload]);
  await markSettled(connection, open);
}

export async function getRefused({ mysql }: Pick<LabContext, 'mysql'>): Promise<RefusedChange[]> {
  const [rows] = await mysql.query<RowDataPacket[]>(
    'SELECT payload FROM outbox WHERE topic = ? ORDER BY id',
    [REFUSED],
  );
  return rows.map(({ payload }) => JSON.parse(payload));
}

const QUEUE = 'write-behind';

/** Of a worker that is gone, ms: a flush may run twice, so another one need not wait half a minute to be sure. */
const impatient = {
  lockDuration: 1000,
  stalledInterval: 500,
  runRetryDelay: 500,
  maxStalledCount: Number.MAX_SAFE_INTEGER,
};

export async function runFlusher(
  { redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
  stopped: () => Promise<void>,
  { everyMs = 1000, batch }: FlusherOptions = {},
): Promise<void> {
  const policy = /maxmemory_policy:(\S+)/.exec(await redis.info('memory'))?.[1];
  if (policy !== 'noeviction') {
    const told = `Redis may evict accepted changes (maxmemory-policy ${policy}): give the queue one with noeviction.`;
    throw Object.assign(new Error(told), { name: 'RedisMayForget' });
  }
  const connection = redis.duplicate({ maxRetriesPerRequest: null });
  const queue = new Queue(QUEUE, { connection });
  const worker = new Worker(QUEUE, () => flushChanges({ redis, mysql }, { batch }), {
    connection,
    ...impatient,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 100 },
  });
  queue.on('error', () => {}); // they connect again
  worker.on('error', () => {});
  try {
    await queue.upsertJobScheduler('flush', { every: everyMs });
    await stopped();
  } finally {
    await worker.close();
    await queue.close();
    connection.disconnect();
  }
}
