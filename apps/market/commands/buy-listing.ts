import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { inTransaction } from '../../shared/in-transaction.ts';
import { Refusal } from '../../shared/refusal.ts';
import { giveGoods, lockPlayers } from './holdings.ts';
import { noteChange, type OutboxNote } from './outbox.ts';

/** A purchase that is committed. */
export interface Purchase {
  saleId: number;
  listingId: number;
  resourceId: number;
  sellerId: number;
  buyerId: number;
  quantity: number;
  totalPrice: number;
  note: OutboxNote;
}

interface Offered {
  resourceId: number;
  sellerId: number;
  quantity: number;
  unitPrice: number;
}

/**
 * Sells a listing, as a whole, to one buyer. Whatever a thousand buyers do at once: the row of the listing is locked
 * first, so they come one after the other, and all but one find it sold; coins move in the same transaction, so none
 * is made or lost.
 *
 * @throws Refusal UNKNOWN_LISTING, LISTING_GONE, OWN_LISTING, NOT_ENOUGH_COINS, INVENTORY_FULL: nothing changed
 * @example await buyListing(mysql, { listingId: 2, buyerId: 7 }) // { saleId: 8, totalPrice: 95, ... }
 */
export async function buyListing(
  mysql: Pool,
  { listingId, buyerId }: { listingId: number; buyerId: number },
): Promise<Purchase> {
  // A look without a lock: whoever comes after the sale does not stand in the queue to hear of it.
  await offered(mysql, { listingId, buyerId });
  return inTransaction(mysql, async (connection) => {
    const { resourceId, sellerId, quantity, unitPrice } = await offered(connection, {
      listingId,
      buyerId,
      lock: true,
    });
    const totalPrice = quantity * unitPrice;
    const players = await lockPlayers(connection, [buyerId, sellerId]);
    const { coins } = players.get(buyerId)!;
    if (coins < totalPrice)
      throw new Refusal('NOT_ENOUGH_COINS', `That costs ${totalPrice} coins, and you have ${coins}.`);
    await connection.query('UPDATE players SET coins = coins - ? WHERE id = ?', [totalPrice, buyerId]);
    await connection.query('UPDATE players SET coins = coins + ? WHERE id = ?', [totalPrice, sellerId]);
    await giveGoods(connection, buyerId, { resourceId, quantity });
    await connection.query("UPDATE listings SET status = 'sold' WHERE id = ?", [listingId]);
    const [sale] = await connection.query<ResultSetHeader>(
      `INSERT INTO sales (listing_id, buyer_id, seller_id, resource_id, quantity, total_price, sold_at)
       VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))`,
      [listingId, buyerId, sellerId, resourceId, quantity, totalPrice],
    );
    const sold = { saleId: sale.insertId, resourceId, sellerId, buyerId, totalPrice };
    const { login: sellerLogin } = players.get(sellerId)!;
    const note = await noteChange(connection, { kind: 'sale', ...sold, sellerLogin });
    return { ...sold, listingId, quantity, note };
  });
}

async function offered(
  on: Pool | PoolConnection,
  { listingId, buyerId, lock = false }: { listingId: number; buyerId: number; lock?: boolean },
): Promise<Offered> {
  const [[row]] = await on.query<RowDataPacket[]>(
    `SELECT seller_id, resource_id, quantity, unit_price, status FROM listings WHERE id = ?${lock ? ' FOR UPDATE' : ''}`,
    [listingId],
  );
  if (!row) throw new Refusal('UNKNOWN_LISTING', `There is no listing ${listingId}.`);
  if (row.status !== 'active') throw new Refusal('LISTING_GONE', `Listing ${listingId} is ${row.status}.`);
  if (row.seller_id === buyerId) throw new Refusal('OWN_LISTING', `Listing ${listingId} is your own.`);
  return {
    resourceId: Number(row.resource_id),
    sellerId: Number(row.seller_id),
    quantity: Number(row.quantity),
    unitPrice: Number(row.unit_price),
  };
}
