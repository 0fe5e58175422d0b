import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { Listing } from '../../../src/cache/game-values.ts';
import { inTransaction } from '../../shared/in-transaction.ts';
import { Refusal } from '../../shared/refusal.ts';
import { listingOf } from '../queries/listings.ts';
import { lockPlayers, takeGoods } from './holdings.ts';
import { noteChange, type OutboxNote } from './outbox.ts';

export interface NewListing {
  sellerId: number;
  resourceId: number;
  quantity: number;
  unitPrice: number;
}

/**
 * Offers what a player holds: the quantity leaves the inventory and waits in the listing, so that it cannot be
 * offered twice or used meanwhile.
 *
 * @throws Refusal UNKNOWN_RESOURCE, NOT_ENOUGH_STOCK: nothing changed
 */
export function createListing(mysql: Pool, listing: NewListing): Promise<Listing & { note: OutboxNote }> {
  const { sellerId, resourceId, quantity, unitPrice } = listing;
  return inTransaction(mysql, async (connection) => {
    // Before anything is read: what this transaction then sees is as new as the lock.
    await lockPlayers(connection, [sellerId]);
    const [[resource]] = await connection.query<RowDataPacket[]>('SELECT id FROM resources WHERE id = ?', [
      resourceId,
    ]);
    if (!resource) throw new Refusal('UNKNOWN_RESOURCE', `There is no resource ${resourceId}.`);
    await takeGoods(connection, sellerId, { resourceId, quantity });
    const [made] = await connection.query<ResultSetHeader>(
      'INSERT INTO listings (seller_id, resource_id, quantity, unit_price, created_at) VALUES (?, ?, ?, ?, UTC_TIMESTAMP(3))',
      [sellerId, resourceId, quantity, unitPrice],
    );
    const [[row]] = await connection.query<RowDataPacket[]>('SELECT * FROM listings WHERE id = ?', [
      made.insertId,
    ]);
    const note = await noteChange(connection, { kind: 'offer', resourceId, sellerId });
    return { ...listingOf(row!), note };
  });
}
