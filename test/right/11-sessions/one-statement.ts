// Another right way: no transaction. Each write of MySQL is one statement that says whether it was first, and a hash in
// Redis is written by scripts that look at what stands there.
import { createHash, randomUUID } from 'node:crypto';
import type { RowDataPacket } from 'mysql2/promise';
import type { Lifetimes, Session } from '../../../src/contracts/sessions.ts';
import type { LabContext } from '../../../src/lab/context.ts';

type Ctx = Pick<LabContext, 'redis' | 'mysql' | 'now'>;

const hashOf = (id: string) => createHash('sha256').update(id).digest('hex');
const keyOf = (hash: string) => `sid:${hash}`;
const FIELDS =
  'player_id AS playerId, role, created_at AS createdAt, expires_at AS expiresAt, ends_at AS endsAt';

/** KEYS: the session. ARGV: its end, the time to live, then its fields. Not where it has ended, or lives longer. */
const KEEP = `
if redis.call('HEXISTS', KEYS[1], 'over') == 1 then return 0 end
if tonumber(redis.call('HGET', KEYS[1], 'expiresAt') or '0') > tonumber(ARGV[1]) then return 1 end
redis.call('HSET', KEYS[1], unpack(ARGV, 3))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`;

/** KEYS: the session. ARGV: ms until its absolute end. */
const OVER = `
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'over', '1')
redis.call('PEXPIRE', KEYS[1], ARGV[1])`;

const keep = async ({ redis, now }: Ctx, hash: string, session: Session): Promise<boolean> => {
  const { expiresAt, endsAt } = session;
  const fields = Object.entries(session).flat();
  return (await redis.eval(KEEP, 1, keyOf(hash), expiresAt, endsAt - now(), ...fields)) === 1;
};

async function find({ mysql, now }: Ctx, hash: string): Promise<Session | null> {
  const [[row]] = await mysql.query<RowDataPacket[]>(
    `SELECT ${FIELDS} FROM sessions WHERE id_hash = ? AND expires_at > ?`,
    [hash, now()],
  );
  return (row as Session | undefined) ?? null;
}

/** Says whether this call was the one that ended it. */
async function end(ctx: Ctx, hash: string): Promise<boolean> {
  const session = await find(ctx, hash);
  if (!session) return false;
  await ctx.redis.eval(OVER, 1, keyOf(hash), session.endsAt - ctx.now());
  const [done] = await ctx.mysql.query('DELETE FROM sessions WHERE id_hash = ?', [hash]);
  return (done as { affectedRows: number }).affectedRows === 1;
}

export async function createSession(
  ctx: Ctx,
  { playerId, role }: { playerId: number; role: string },
  { idleMs, maxMs }: Lifetimes,
): Promise<string> {
  const { mysql, now } = ctx;
  const id = `${randomUUID()}.${randomUUID()}`;
  const createdAt = now();
  const endsAt = createdAt + maxMs;
  const session = { playerId, role, createdAt, expiresAt: Math.min(createdAt + idleMs, endsAt), endsAt };
  await mysql.query('INSERT INTO sessions VALUES (?)', [[hashOf(id), ...Object.values(session)]]);
  try {
    await keep(ctx, hashOf(id), session);
  } catch (error) {
    await mysql.query('DELETE FROM sessions WHERE id_hash = ?', [hashOf(id)]);
    throw error;
  }
  const [over] = await mysql.query<RowDataPacket[]>(
    'SELECT id_hash FROM sessions WHERE player_id = ? AND expires_at <= ?',
    [playerId, createdAt],
  );
  for (const { id_hash } of over) await mysql.query('DELETE FROM sessions WHERE id_hash = ?', [id_hash]);
  return id;
}

export async function readSession(ctx: Ctx, id: string): Promise<Session | null> {
  const hash = hashOf(id);
  const held = await ctx.redis.hgetall(keyOf(hash));
  if (held.over) return null;
  if (held.role !== undefined) {
    const { playerId, createdAt, expiresAt, endsAt } = held;
    if (ctx.now() >= Number(expiresAt)) return null;
    return {
      playerId: Number(playerId),
      role: held.role,
      createdAt: Number(createdAt),
      expiresAt: Number(expiresAt),
      endsAt: Number(endsAt),
    };
  }
  const session = await find(ctx, hash);
  return session && (await keep(ctx, hash, session)) ? session : null;
}

export async function slideSession(
  ctx: Ctx,
  id: string,
  { idleMs }: { idleMs: number },
): Promise<Session | null> {
  const [hash, at] = [hashOf(id), ctx.now()];
  await ctx.mysql.query(
    'UPDATE sessions SET expires_at = GREATEST(expires_at, LEAST(ends_at, ?)) WHERE id_hash = ? AND expires_at > ?',
    [at + idleMs, hash, at],
  );
  const session = await find(ctx, hash);
  return session && (await keep(ctx, hash, session)) ? session : null;
}

export async function rotateSession(
  ctx: Ctx,
  id: string,
  { role, idleMs }: { role: string; idleMs: number },
): Promise<string | null> {
  const [hash, at, next] = [hashOf(id), ctx.now(), `${randomUUID()}.${randomUUID()}`];
  const before = await find(ctx, hash);
  if (!before) return null;
  await ctx.redis.eval(OVER, 1, keyOf(hash), before.endsAt - at);
  const [done] = await ctx.mysql.query(
    `UPDATE sessions SET id_hash = ?, role = ?, expires_at = GREATEST(expires_at, LEAST(ends_at, ?))
     WHERE id_hash = ? AND expires_at > ?`,
    [hashOf(next), role, at + idleMs, hash, at],
  );
  if ((done as { affectedRows: number }).affectedRows === 0) return null;
  const session = await find(ctx, hashOf(next));
  return session && (await keep(ctx, hashOf(next), session)) ? next : null;
}

export async function endSession(ctx: Ctx, id: string): Promise<void> {
  await end(ctx, hashOf(id));
}

export async function endAllSessions(ctx: Ctx, playerId: number): Promise<number> {
  let ended = 0;
  for (let left = true; left; ) {
    const [rows] = await ctx.mysql.query<RowDataPacket[]>(
      'SELECT id_hash FROM sessions WHERE player_id = ? AND expires_at > ?',
      [playerId, ctx.now()],
    );
    for (const { id_hash } of rows) if (await end(ctx, id_hash)) ended++;
    left = rows.length > 0;
  }
  return ended;
}

export async function listSessions({ mysql, now }: Ctx, playerId: number): Promise<Session[]> {
  const [rows] = await mysql.query<RowDataPacket[]>(
    `SELECT ${FIELDS} FROM sessions WHERE player_id = ? AND expires_at > ? ORDER BY created_at`,
    [playerId, now()],
  );
  return rows as Session[];
}
