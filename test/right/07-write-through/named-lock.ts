// A named lock of MySQL, held from the write to the cache, by writers and by readers that missed.
import type { Redis } from 'ioredis';
import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';

interface Context { redis: Redis; mysql: Pool }
interface Profile { playerId: number; displayName: string; level: number; version: number }
interface Options { ttlMs: number }

const keyOf = (playerId: number) => `player:profile:${playerId}`;

async function keep(redis: Redis, profile: Profile, ttlMs: number): Promise<void> {
  await redis.set(keyOf(profile.playerId), JSON.stringify(profile), 'PX', ttlMs);
}

const noSuchPlayer = (playerId: number) => Object.assign(new Error(`There is no player ${playerId}`), { name: 'NoSuchPlayer' });

async function write(mysql: PoolConnection, { playerId, displayName, level }: Omit<Profile, 'version'>): Promise<Profile> {
  if (!Number.isInteger(level)) throw new RangeError(`Level ${level} is not whole`);
  const sql = 'UPDATE players SET display_name = ?, level = ?, version = LAST_INSERT_ID(version + 1) WHERE id = ?';
  const [result] = await mysql.query<ResultSetHeader>(sql, [displayName, level, playerId]);
  if (result.affectedRows === 0) throw noSuchPlayer(playerId);
  return { playerId, displayName, level, version: result.insertId };
}

async function load(mysql: PoolConnection, playerId: number): Promise<Profile | undefined> {
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

/** One after the other for each player, over all processes: the lock ends with its connection. */
async function alone<T>(mysql: Pool, playerId: number, work: (connection: PoolConnection) => Promise<T>): Promise<T> {
  const connection = await mysql.getConnection();
  const name = `profile.${playerId}`;
  try {
    const [[row]] = await connection.query<RowDataPacket[]>('SELECT GET_LOCK(?, 10) AS got', [name]);
    if (row?.got !== 1) throw new Error(`Player ${playerId} is being saved for ten seconds already: try again.`);
    try {
      return await work(connection);
    } finally {
      await connection.query('DO RELEASE_LOCK(?)', [name]).catch(() => connection.destroy());
    }
  } finally {
    connection.release();
  }
}

export async function saveProfile({ redis, mysql }: Context, change: Omit<Profile, 'version'>, { ttlMs }: Options): Promise<Profile> {
  return alone(mysql, change.playerId, async (connection) => {
    const profile = await write(connection, change);
    await keep(redis, profile, ttlMs).catch(() => {});
    return profile;
  });
}

export async function getProfile({ redis, mysql }: Context, playerId: number, { ttlMs }: Options): Promise<Profile | null> {
  const held = profileIn(await redis.get(keyOf(playerId)).catch(() => null));
  if (held) return held;
  return alone(mysql, playerId, async (connection) => {
    const profile = await load(connection, playerId);
    if (!profile) return null;
    await keep(redis, profile, ttlMs).catch(() => {});
    return profile;
  });
}
