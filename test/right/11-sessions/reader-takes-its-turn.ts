// Another right way: a reader who finds nothing in Redis takes its turn too, with a shared lock on the row. So a log-out
// waits for it, and needs no mark: it deletes.
import { createHash, randomBytes } from 'node:crypto';
import type { PoolConnection, RowDataPacket } from 'mysql2/promise';
import type { Lifetimes, Session } from '../../../src/contracts/sessions.ts';
import type { LabContext } from '../../../src/lab/context.ts';

type Ctx = Pick<LabContext, 'redis' | 'mysql' | 'now'>;
type Row = Session & RowDataPacket;

const keyOf = (id: string) => `sid:live:${hashOf(id)}`;
const hashOf = (id: string) => createHash('sha256').update(id).digest('hex');
const newId = () => randomBytes(24).toString('hex');
const SELECT = `SELECT player_id AS playerId, role, created_at AS createdAt, expires_at AS expiresAt, ends_at AS endsAt
  FROM sessions`;

async function transaction<T>({ mysql }: Ctx, work: (own: PoolConnection) => Promise<T>): Promise<T> {
  const own = await mysql.getConnection();
  try {
    await own.query('SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
    await own.query('START TRANSACTION');
    const value = await work(own);
    await own.query('COMMIT');
    return value;
  } catch (error) {
    await own.query('ROLLBACK').catch(() => own.destroy());
    throw error;
  } finally {
    own.release();
  }
}

async function locked(own: PoolConnection, hash: string, { at, how }: { at: number; how: string }) {
  const [rows] = await own.query<Row[]>(`${SELECT} WHERE id_hash = ? ${how}`, [hash]);
  const row = rows[0];
  return row && at < row.expiresAt ? { ...row } : null;
}

const put = ({ redis }: Ctx, id: string, session: Session, at: number) =>
  redis.psetex(keyOf(id), session.expiresAt - at, JSON.stringify(session));

export async function createSession(
  ctx: Ctx,
  { playerId, role }: { playerId: number; role: string },
  { idleMs, maxMs }: Lifetimes,
): Promise<string> {
  const id = newId();
  const at = ctx.now();
  const ends = at + maxMs;
  const expires = Math.min(at + idleMs, ends);
  await transaction(ctx, async (own) => {
    await own.query('INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)', [
      hashOf(id),
      playerId,
      role,
      at,
      expires,
      ends,
    ]);
    await put(ctx, id, { playerId, role, createdAt: at, expiresAt: expires, endsAt: ends }, at);
  });
  const [rows] = await ctx.mysql.query<Row[]>(
    'SELECT id_hash FROM sessions WHERE player_id = ? AND expires_at <= ?',
    [playerId, at],
  );
  for (const { id_hash } of rows)
    await ctx.mysql.query('DELETE FROM sessions WHERE id_hash = ? AND expires_at <= ?', [id_hash, at]);
  return id;
}

export async function readSession(ctx: Ctx, id: string): Promise<Session | null> {
  const text = await ctx.redis.get(keyOf(id));
  const at = ctx.now();
  if (text) {
    const session = JSON.parse(text) as Session;
    return at < session.expiresAt ? session : null;
  }
  return transaction(ctx, async (own) => {
    const session = await locked(own, hashOf(id), { at, how: 'LOCK IN SHARE MODE' });
    if (session) await put(ctx, id, session, at);
    return session;
  });
}

export async function slideSession(
  ctx: Ctx,
  id: string,
  { idleMs }: { idleMs: number },
): Promise<Session | null> {
  const at = ctx.now();
  return transaction(ctx, async (own) => {
    const session = await locked(own, hashOf(id), { at, how: 'FOR UPDATE' });
    if (!session) return null;
    session.expiresAt = Math.max(session.expiresAt, Math.min(at + idleMs, session.endsAt));
    await put(ctx, id, session, at);
    await own.query('UPDATE sessions SET expires_at = ? WHERE id_hash = ?', [session.expiresAt, hashOf(id)]);
    return session;
  });
}

export async function rotateSession(
  ctx: Ctx,
  id: string,
  { role, idleMs }: { role: string; idleMs: number },
): Promise<string | null> {
  const at = ctx.now();
  return transaction(ctx, async (own) => {
    const session = await locked(own, hashOf(id), { at, how: 'FOR UPDATE' });
    if (!session) return null;
    const next = newId();
    session.expiresAt = Math.max(session.expiresAt, Math.min(at + idleMs, session.endsAt));
    const { playerId, createdAt, expiresAt, endsAt } = session;
    await own.query('DELETE FROM sessions WHERE id_hash = ?', [hashOf(id)]);
    const row = [hashOf(next), playerId, role, createdAt, expiresAt, endsAt];
    await own.query('INSERT INTO sessions VALUES (?)', [row]);
    await ctx.redis.unlink(keyOf(id));
    await put(ctx, next, { ...session, role }, at);
    return next;
  });
}

export async function endSession(ctx: Ctx, id: string): Promise<void> {
  await end(ctx, hashOf(id));
}

/** Says whether it lived. Redis is told in any case: an earlier call may have been killed. */
async function end(ctx: Ctx, hash: string): Promise<boolean> {
  return transaction(ctx, async (own) => {
    const session = await locked(own, hash, { at: ctx.now(), how: 'FOR UPDATE' });
    await own.query('DELETE FROM sessions WHERE id_hash = ?', [hash]);
    await ctx.redis.del(`sid:live:${hash}`);
    return session !== null;
  });
}

export async function endAllSessions(ctx: Ctx, playerId: number): Promise<number> {
  const [rows] = await ctx.mysql.query<Row[]>('SELECT id_hash FROM sessions WHERE player_id = ?', [playerId]);
  if (rows.length === 0) return 0;
  let ended = 0;
  for (const { id_hash } of rows) if (await end(ctx, id_hash)) ended++;
  return ended + (await endAllSessions(ctx, playerId));
}

export async function listSessions(ctx: Ctx, playerId: number): Promise<Session[]> {
  const [rows] = await ctx.mysql.query<Row[]>(`${SELECT} WHERE player_id = ?`, [playerId]);
  const live = rows.filter(({ expiresAt }) => ctx.now() < expiresAt);
  return live.sort((a, b) => a.createdAt - b.createdAt).map((row) => ({ ...row }));
}
