// A transaction that reads its row back, and WATCH on a connection of its own, for who saves and for who reads.
import type { Redis } from 'ioredis';
import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';

interface Context { redis: Redis; mysql: Pool }
interface Profile { playerId: number; displayName: string; level: number; version: number }
interface Options { ttlMs: number }

const keyOf = (playerId: number) => `player:profile:${playerId}`;

/** The client of a transaction: WATCH belongs to a connection, so nobody else may use it meanwhile. */
const clients = new WeakMap<Redis, { own: Redis; turn: Promise<unknown> }>();

async function keep(redis: Redis, profile: Profile, ttlMs: number): Promise<void> {
  const client = clients.get(redis) ?? { own: redis.duplicate({ lazyConnect: false }), turn: Promise.resolve() };
  if (!clients.has(redis)) client.own.on('error', () => {});
  clients.set(redis, client);
  const run = client.turn.catch(() => {}).then(() => compareAndSet(client.own, profile, ttlMs));
  client.turn = run;
  await run;
}

async function compareAndSet(own: Redis, profile: Profile, ttlMs: number): Promise<void> {
  const key = keyOf(profile.playerId);
  for (let tries = 0; tries < 10; tries++) {
    await own.watch(key);
    const held = profileIn(await own.get(key));
    if (held && held.version > profile.version) {
      await own.unwatch();
      return;
    }
    if (await own.multi().set(key, JSON.stringify(profile), 'PX', ttlMs).exec()) return;
  }
}

const noSuchPlayer = (playerId: number) => Object.assign(new Error(`There is no player ${playerId}`), { name: 'NoSuchPlayer' });

async function write(mysql: Pool, { playerId, displayName, level }: Omit<Profile, 'version'>): Promise<Profile> {
  const connection = await mysql.getConnection();
  try {
    await connection.beginTransaction();
    const sql = 'UPDATE players SET display_name = ?, level = ?, version = version + 1 WHERE id = ?';
    const [result] = await connection.query<ResultSetHeader>(sql, [displayName, level, playerId]);
    if (result.affectedRows === 0) throw noSuchPlayer(playerId);
    const [[row]] = await connection.query<RowDataPacket[]>('SELECT id AS playerId, display_name AS displayName, level, version FROM players WHERE id = ?', [playerId]);
    await connection.commit();
    return { ...row } as Profile;
  } catch (error) {
    await connection.rollback().catch(() => {});
    throw error;
  } finally {
    connection.release();
  }
}

async function load(mysql: Pool, playerId: number): Promise<Profile | undefined> {
  const sql = 'SELECT id AS playerId, display_name AS displayName, level, version FROM players WHERE id = ?';
  const [[row]] = await mysql.query<RowDataPacket[]>(sql, [playerId]);
  return row && ({ ...row } as Profile);
}

function profileIn(text: string | null): Profile | undefined {
  try {
    const value = JSON.parse(text ?? '');
    return typeof value?.version === 'number' ? value : undefined;
  } catch {
    return undefined;
  }
}

export async function saveProfile({ redis, mysql }: Context, change: Omit<Profile, 'version'>, { ttlMs }: Options): Promise<Profile> {
  const profile = await write(mysql, change);
  await keep(redis, profile, ttlMs).catch(() => {});
  return profile;
}

export async function getProfile({ redis, mysql }: Context, playerId: number, { ttlMs }: Options): Promise<Profile | null> {
  const held = profileIn(await redis.get(keyOf(playerId)).catch(() => null));
  if (held) return held;
  const profile = await load(mysql, playerId);
  if (!profile) return null;
  await keep(redis, profile, ttlMs).catch(() => {});
  return profile;
}
