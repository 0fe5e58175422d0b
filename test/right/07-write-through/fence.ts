// No version in the cache: who writes changes a random mark before and after, and keeps only where nobody else did.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';

interface Context { redis: Redis; mysql: Pool }
interface Profile { playerId: number; displayName: string; level: number; version: number }
interface Options { ttlMs: number }

const keyOf = (playerId: number) => `player:profile:${playerId}`;

/** Keeps the profile where the mark is still the expected one; else forgets what is there. A writer leaves a new mark. */
const keepUnlessMarked = `
  if (redis.call('GET', KEYS[2]) or '') == ARGV[1] then
    redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  elseif ARGV[4] ~= '' then
    redis.call('DEL', KEYS[1])
  end
  if ARGV[4] ~= '' then redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[3]) end
  return 1`;

const markOf = (playerId: number) => `${keyOf(playerId)}:mark`;

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
  const mark = randomUUID();
  await redis.set(markOf(change.playerId), mark, 'PX', ttlMs).catch(() => {});
  const profile = await write(mysql, change);
  const { playerId } = profile;
  await redis
    .eval(keepUnlessMarked, 2, keyOf(playerId), markOf(playerId), mark, JSON.stringify(profile), ttlMs, randomUUID())
    .catch(() => {});
  return profile;
}

export async function getProfile({ redis, mysql }: Context, playerId: number, { ttlMs }: Options): Promise<Profile | null> {
  const [text, mark] = await redis.mget(keyOf(playerId), markOf(playerId)).catch(() => [null, 'none']);
  const held = profileIn(text ?? null);
  if (held) return held;
  const profile = await load(mysql, playerId);
  if (!profile) return null;
  await redis
    .eval(keepUnlessMarked, 2, keyOf(playerId), markOf(playerId), mark ?? '', JSON.stringify(profile), ttlMs, '')
    .catch(() => {});
  return profile;
}
