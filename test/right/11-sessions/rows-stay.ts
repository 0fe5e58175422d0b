// Another right way: the turn is the player's, by a lock on the row of `players`; the row of an ended session stays, over
// since it began, until the next log-in; and a reader keeps what it found by a script.
import { createHash, randomBytes } from 'node:crypto';
import type { PoolConnection, RowDataPacket } from 'mysql2/promise';
import type { Lifetimes, Session } from '../../../src/contracts/sessions.ts';
import type { LabContext } from '../../../src/lab/context.ts';

type Ctx = Pick<LabContext, 'redis' | 'mysql' | 'now'>;
interface Kept extends Session {
  hash: string;
}

const hashOf = (id: string) => createHash('sha256').update(id, 'utf8').digest('hex');
const SESSION = `id_hash AS hash, player_id AS playerId, role, created_at AS createdAt, expires_at AS expiresAt,
  ends_at AS endsAt`;

const known = ({ playerId, role, createdAt, expiresAt, endsAt }: Session): Session => {
  return { playerId, role, createdAt, expiresAt, endsAt };
};

/** KEYS: the session. ARGV: what to keep where nothing stands, ms. Gives what stands there then. */
const FIRST = `
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return redis.call('GET', KEYS[1])`;

const write = ({ redis, now }: Ctx, { hash, ...session }: Kept) =>
  redis.set(`sid:${hash}`, JSON.stringify(session), 'PX', session.endsAt - now());

async function find(from: Pick<PoolConnection, 'query'>, hash: string): Promise<Kept | null> {
  const [rows] = await from.query<RowDataPacket[]>(`SELECT ${SESSION} FROM sessions WHERE id_hash = ?`, [
    hash,
  ]);
  return (rows[0] as Kept | undefined) ?? null;
}

/** Runs `work` while nobody else writes a session of this player. */
async function turnOf<T>(ctx: Ctx, playerId: number, work: (own: PoolConnection) => Promise<T>): Promise<T> {
  const own = await ctx.mysql.getConnection();
  let whole = false;
  try {
    await own.query('SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
    await own.beginTransaction();
    await own.query('SELECT id FROM players WHERE id = ? FOR UPDATE', [playerId]);
    const value = await work(own);
    await own.commit();
    whole = true;
    return value;
  } finally {
    if (whole) own.release();
    else own.destroy();
  }
}

/** Runs `work` on a session that lives, in the turn of its player. */
async function change<T>(
  ctx: Ctx,
  id: string,
  work: (session: Kept, own: PoolConnection) => Promise<T>,
): Promise<T | null> {
  const before = await find(ctx.mysql, hashOf(id));
  if (!before) return null;
  return turnOf(ctx, before.playerId, async (own) => {
    const session = await find(own, hashOf(id));
    return session && ctx.now() < session.expiresAt ? work(session, own) : null;
  });
}

const setEnd = (own: PoolConnection, { hash, expiresAt }: Kept) =>
  own.query('UPDATE sessions SET expires_at = ? WHERE id_hash = ?', [expiresAt, hash]);

async function finish(ctx: Ctx, session: Kept, own: PoolConnection): Promise<void> {
  const over = { ...session, expiresAt: 0 };
  await setEnd(own, over);
  await write(ctx, over);
}

const later = ({ expiresAt, endsAt }: Session, at: number) => Math.max(expiresAt, Math.min(at, endsAt));

export async function createSession(
  ctx: Ctx,
  { playerId, role }: { playerId: number; role: string },
  { idleMs, maxMs }: Lifetimes,
): Promise<string> {
  const id = randomBytes(18).toString('base64url');
  const createdAt = ctx.now();
  const endsAt = createdAt + maxMs;
  const expiresAt = Math.min(createdAt + idleMs, endsAt);
  const session: Kept = { hash: hashOf(id), playerId, role, createdAt, expiresAt, endsAt };
  await turnOf(ctx, playerId, async (own) => {
    await own.query('DELETE FROM sessions WHERE player_id = ? AND expires_at <= ?', [playerId, createdAt]);
    await own.query('INSERT INTO sessions VALUES (?)', [Object.values(session)]);
    await write(ctx, session);
  });
  return id;
}

export async function readSession(ctx: Ctx, id: string): Promise<Session | null> {
  const key = `sid:${hashOf(id)}`;
  let text = await ctx.redis.get(key);
  if (text === null) {
    const row = await find(ctx.mysql, hashOf(id));
    if (!row || row.endsAt <= ctx.now()) return null;
    const left = row.endsAt - ctx.now();
    text = (await ctx.redis.eval(FIRST, 1, key, JSON.stringify(known(row)), left)) as string;
  }
  const session = JSON.parse(text) as Session;
  return ctx.now() < session.expiresAt ? session : null;
}

export async function slideSession(
  ctx: Ctx,
  id: string,
  { idleMs }: { idleMs: number },
): Promise<Session | null> {
  return change(ctx, id, async (session, own) => {
    const slid = { ...session, expiresAt: later(session, ctx.now() + idleMs) };
    await write(ctx, slid);
    await setEnd(own, slid);
    return known(slid);
  });
}

export async function rotateSession(
  ctx: Ctx,
  id: string,
  { role, idleMs }: { role: string; idleMs: number },
): Promise<string | null> {
  return change(ctx, id, async (session, own) => {
    const next = randomBytes(18).toString('base64url');
    const { playerId, createdAt, endsAt } = session;
    const expiresAt = later(session, ctx.now() + idleMs);
    const fresh: Kept = { hash: hashOf(next), playerId, role, createdAt, expiresAt, endsAt };
    await own.query('INSERT INTO sessions VALUES (?)', [Object.values(fresh)]);
    await finish(ctx, session, own);
    await write(ctx, fresh);
    return next;
  });
}

export async function endSession(ctx: Ctx, id: string): Promise<void> {
  await change(ctx, id, (session, own) => finish(ctx, session, own));
}

export async function endAllSessions(ctx: Ctx, playerId: number): Promise<number> {
  return turnOf(ctx, playerId, async (own) => {
    const [rows] = await own.query<RowDataPacket[]>(`SELECT ${SESSION} FROM sessions WHERE player_id = ?`, [
      playerId,
    ]);
    const live = (rows as Kept[]).filter(({ expiresAt }) => ctx.now() < expiresAt);
    for (const session of live) await finish(ctx, session, own);
    return live.length;
  });
}

export async function listSessions({ mysql, now }: Ctx, playerId: number): Promise<Session[]> {
  const [rows] = await mysql.query<RowDataPacket[]>(
    `SELECT ${SESSION} FROM sessions WHERE player_id = ? AND expires_at > ? ORDER BY created_at`,
    [playerId, now()],
  );
  return (rows as Kept[]).map(known);
}
