import type { Pool, ResultSetHeader } from 'mysql2/promise';
import { inTransaction } from '../../shared/in-transaction.ts';
import { Refusal } from '../../shared/refusal.ts';

/**
 * Deletes an order, and its items with it (the foreign key cascades), in one transaction.
 *
 * @throws Refusal UNKNOWN_ORDER where it is not there, or no longer; CommitUnknown
 * @example await deleteOrder(mysql, 7)
 */
export async function deleteOrder(mysql: Pool, id: number): Promise<void> {
  await inTransaction(mysql, async (connection) => {
    const [{ affectedRows }] = await connection.query<ResultSetHeader>('DELETE FROM orders WHERE id = ?', [
      id,
    ]);
    if (affectedRows === 0) throw new Refusal('UNKNOWN_ORDER', `There is no order ${id}.`);
  });
}
