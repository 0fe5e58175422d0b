import type { Redis } from 'ioredis';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Draw } from '../../kit/judge/seed.ts';
import type { Profile } from '../../src/contracts/write-through.ts';

/** Players of the fixture whose profile a check may change. */
const players = [1, 2, 3, 5, 6, 7, 10, 11] as const;

/** Players for a check: `n` different ones, at most 8. */
export function somePlayers(draw: Draw, n: number): number[] {
  const from = draw.int(0, players.length - 1);
  return Array.from({ length: n }, (_, i) => players[(from + i) % players.length]!);
}

/** How names of players begin: beyond ASCII, with quotes, with what SQL and JSON escape, with a space before them. */
export const names = ['Zoë', '湯川 🔨', "Łucja O'Neill", ' Šárka  "La Hache"', 'Ирина \\ 1%'] as const;

/** What is to be saved: a name that nobody has, and a level that MySQL takes. */
export function aChange(
  draw: Draw,
  playerId = somePlayers(draw, 1)[0]!,
  name: string = draw.pick(names),
): Omit<Profile, 'version'> {
  return { playerId, displayName: `${name} ${draw.int(1, 1e9)}`, level: draw.int(2, 99) };
}

export const keyOf = (playerId: number): string => `player:profile:${playerId}`;

/** The profile as MySQL holds it now; undefined where there is no such row. */
export async function rowOf(mysql: Connection, playerId: number): Promise<Profile | undefined> {
  const [[row]] = await mysql.query<RowDataPacket[]>(
    'SELECT id AS playerId, display_name AS displayName, level, version FROM players WHERE id = ?',
    [playerId],
  );
  return row && ({ ...row } as Profile);
}

/** What stands in the cache: undefined where nothing does, and the text itself where it is no JSON. */
export async function cachedOf(redis: Redis, playerId: number): Promise<unknown> {
  const text = await redis.get(keyOf(playerId));
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Names of keys that never expire. */
export async function endless(redis: Redis): Promise<string[]> {
  const names = await redis.keys('*');
  const left = await Promise.all(names.map((name) => redis.pttl(name)));
  return names.filter((_, i) => left[i] === -1);
}

/** As if `ms` had passed: what expires by then is gone. */
export async function passes(redis: Redis, ms: number): Promise<void> {
  for (const name of await redis.keys('*')) {
    const left = await redis.pttl(name);
    if (left < 0) continue;
    if (left <= ms) await redis.del(name);
    else await redis.pexpire(name, left - ms);
  }
}
