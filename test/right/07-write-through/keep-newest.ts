// Another right way: the version is counted by MySQL (LAST_INSERT_ID), and a script keeps the newer of two profiles.
import type { Redis } from 'ioredis';
import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';

interface Context {
  redis: Redis;
  mysql: Pool;
}
interface Profile {
  playerId: number;
  displayName: string;
  level: number;
  version: number;
}
interface Options {
  ttlMs: number;
}

const keyOf = (playerId: number) => `player:profile:${playerId}`;

const keepNewest = `
  local ok, held = pcall(cjson.decode, redis.call('GET', KEYS[1]) or '')
  local version = ok and type(held) == 'table' and tonumber(held.version) or 0
  if version > tonumber(ARGV[2]) then return 0 end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
  return 1`;

async function keep(redis: Redis, profile: Profile, ttlMs: number): Promise<void> {
  await redis.eval(keepNewest, 1, keyOf(profile.playerId), JSON.stringify(profile), profile.version, ttlMs);
}

const noSuchPlayer = (playerId: number) =>
  Object.assign(new Error(`There is no player ${playerId}`), { name: 'NoSuchPlayer' });

async function write(
  mysql: Pool,
  { playerId, displayName, level }: Omit<Profile, 'version'>,
): Promise<Profile> {
  if (!Number.isInteger(level)) throw new RangeError(`Level ${level} is not whole`);
  const sql =
    'UPDATE players SET display_name = ?, level = ?, version = LAST_INSERT_ID(version + 1) WHERE id = ?';
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

export async function saveProfile(
  { redis, mysql }: Context,
  change: Omit<Profile, 'version'>,
  { ttlMs }: Options,
): Promise<Profile> {
  const profile = await write(mysql, change);
  await keep(redis, profile, ttlMs).catch(() => {});
  return profile;
}

export async function getProfile(
  { redis, mysql }: Context,
  playerId: number,
  { ttlMs }: Options,
): Promise<Profile | null> {
  const held = profileIn(await redis.get(keyOf(playerId)).catch(() => null));
  if (held) return held;
  const profile = await load(mysql, playerId);
  if (!profile) return null;
  await keep(redis, profile, ttlMs).catch(() => {});
  return profile;
}
