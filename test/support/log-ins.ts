import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { CheckFailed } from '../../kit/judge/check-errors.ts';
import { shown } from '../../kit/judge/explain.ts';
import type { Remote } from '../../kit/judge/remote.ts';
import type { Lifetimes, Session, Sessions } from '../../src/contracts/sessions.ts';

/** The id of a new session. */
export async function logIn(
  lab: Pick<Remote<Sessions>, 'createSession'>,
  who: { playerId: number; role: string },
  lifetimes: Lifetimes,
): Promise<string> {
  return idOf(await lab.createSession(who, lifetimes), 'createSession()');
}

/** The id that a function resolved to. */
export function idOf(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw new CheckFailed(`${name} resolves to the id, a text`, { expected: 'a text', got: shown(value) });
}

/** What stands in `id_hash` for an id. */
export const hashOf = (id: string): string => createHash('sha256').update(id).digest('hex');

/** All rows of `sessions`, or those of a player. */
export async function sessionRows(mysql: Connection, playerId?: number): Promise<RowDataPacket[]> {
  const [rows] = await mysql.query<RowDataPacket[]>('SELECT * FROM sessions ORDER BY created_at');
  return rows.filter((row) => playerId === undefined || row.player_id === playerId);
}

/** The session that a row stands for. */
export const sessionOf = (row: RowDataPacket): Session => ({
  playerId: row.player_id,
  role: row.role,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  endsAt: row.ends_at,
});

/** Everything that Redis holds, names and values of every type, as texts. */
export async function textsIn(redis: Redis): Promise<string[]> {
  const texts: string[] = [];
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    const value =
      type === 'string'
        ? await redis.get(key)
        : type === 'hash'
          ? Object.entries(await redis.hgetall(key))
          : type === 'set'
            ? await redis.smembers(key)
            : type === 'zset'
              ? await redis.zrange(key, '0', '-1')
              : type === 'list'
                ? await redis.lrange(key, 0, -1)
                : await redis.xrange(key, '-', '+');
    texts.push(key, ...[value].flat(3).map(String));
  }
  return texts;
}
