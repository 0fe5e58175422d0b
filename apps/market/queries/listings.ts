import type { Pool, RowDataPacket } from 'mysql2/promise';
import type { Listing, ListingsOf } from '../../../src/cache/game-values.ts';

/** The most offers that one list shows. */
const most = 200;

/** The cheapest first; of equal prices the oldest. */
export async function loadListings(
  mysql: Pool,
  { resourceId, status = 'active' }: ListingsOf = {},
): Promise<Listing[]> {
  const one = resourceId === undefined ? '' : 'AND resource_id = ?';
  const [rows] = await mysql.query<RowDataPacket[]>(
    `SELECT * FROM listings WHERE status = ? ${one} ORDER BY unit_price, created_at, id LIMIT ${most}`,
    resourceId === undefined ? [status] : [status, resourceId],
  );
  return rows.map(listingOf);
}

/** A row of `listings`. */
export const listingOf = (row: RowDataPacket): Listing => ({
  id: row.id,
  sellerId: row.seller_id,
  resourceId: row.resource_id,
  quantity: row.quantity,
  unitPrice: row.unit_price,
  status: row.status,
  createdAt: `${String(row.created_at).replace(' ', 'T')}Z`,
});
