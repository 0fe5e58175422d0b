import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';

/** What a command changed, as far as the cache must hear of it. */
export type Change =
  | {
      kind: 'sale';
      saleId: number;
      resourceId: number;
      buyerId: number;
      sellerId: number;
      sellerLogin: string;
      totalPrice: number;
    }
  | { kind: 'offer'; resourceId: number; sellerId: number }
  /** What a player holds. */
  | { kind: 'stock'; playerId: number };

/** A change that is in MySQL, and that the cache has not been told of for certain. */
export interface OutboxNote {
  /** Its row in `outbox`. */
  outboxId: number;
  /** Null where somebody wrote there what is none. */
  change: Change | null;
}

/** Lab 08 has rows of its own in the same table. */
const TOPIC = 'cache.invalidate';

/**
 * Notes a change in the transaction that makes it: where the process dies after the COMMIT, the note tells another one
 * what the cache must not serve any more.
 */
export async function noteChange(connection: PoolConnection, change: Change): Promise<OutboxNote> {
  const [note] = await connection.query<ResultSetHeader>(
    'INSERT INTO outbox (topic, payload) VALUES (?, ?)',
    [TOPIC, JSON.stringify(change)],
  );
  return { outboxId: note.insertId, change };
}

/**
 * The oldest notes. It asks for all that are there, and not for those after the last one seen: ids become visible in
 * the order of commits, so one may come after a greater one.
 */
export async function pendingNotes(mysql: Pool, { limit }: { limit: number }): Promise<OutboxNote[]> {
  const [rows] = await mysql.query<RowDataPacket[]>(
    'SELECT id, payload FROM outbox WHERE delivered_at IS NULL AND topic = ? ORDER BY id LIMIT ?',
    [TOPIC, limit],
  );
  return rows.map(({ id, payload }) => ({ outboxId: id, change: changeIn(payload) }));
}

function changeIn(payload: string): Change | null {
  try {
    return JSON.parse(payload);
  } catch {
    return null;
  }
}

/** The cache has been told. Twice is no mistake. */
export async function removeNote(mysql: Pool, { outboxId }: OutboxNote): Promise<void> {
  await mysql.query('DELETE FROM outbox WHERE id = ?', [outboxId]);
}
