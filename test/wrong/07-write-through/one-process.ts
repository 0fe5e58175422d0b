// fails: 07.race.saves
// Lets one save after the other run, in this process; others know nothing of it.
import type { Redis } from 'ioredis';
import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';

interface Context { redis: Redis; mysql: Pool }
interface Profile { playerId: number; displayName: string; level: number; version: number }
interface Options { ttlMs: number }

/** The last save of each player. */
const saving = new Map<number, Promise<unknown>>();

const keyOf = (playerId: number) => `player:profile:${playerId}`;

async function keep(redis: Redis, profile: Profile, ttlMs: number): Promise<void> {
  await redis.set(keyOf(profile.playerId), JSON.stringify(profile), 'PX', ttlMs);
}

const noSuchPlayer = (playerId: number) => Object.assign(new Error(`There is no player ${playerId}`), { name: 'NoSuchPlayer' });

async function write(mysql: Pool, { playerId, displayName, level }: Omit<Profile, 'version'>): Promise<Profile> {
  if (!Number.isInteger(level)) throw new RangeError(`Level ${level} is not whole`);
  const sql = 'UPDATE players SET display_name = ?, level = ?, version = LAST_INSERT_ID(version + 1) WHERE id = ?';
  const [result] = await mysql.query<ResultSetHeader>(sql, [displayName, level, playerId]);
  if (result.affectedRows === 0) throw noSuchPlayer(playerId);
  return { playerId, displayName, level, version: result.insertId };
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
  const before = saving.get(change.playerId) ?? Promise.resolve();
  const run = before.catch(() => {}).then(async () => {
    const profile = await write(mysql, change);
    await keep(redis, profile, ttlMs).catch(() => {});
    return profile;
  });
  saving.set(change.playerId, run);
  return run;
}

export async function getProfile({ redis, mysql }: Context, playerId: number, { ttlMs }: Options): Promise<Profile | null> {
  const held = profileIn(await redis.get(keyOf(playerId)).catch(() => null));
  if (held) return held;
  const profile = await load(mysql, playerId);
  if (!profile) return null;
  await keep(redis, profile, ttlMs).catch(() => {});
  return profile;
}
