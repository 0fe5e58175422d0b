import type { Pool, RowDataPacket } from 'mysql2/promise';

/** Ids of the resources that no recipe makes: whoever wants them gathers them. */
export async function loadGatherable(mysql: Pool): Promise<number[]> {
  const [rows] = await mysql.query<RowDataPacket[]>(
    'SELECT id FROM resources WHERE id NOT IN (SELECT resource_id FROM recipes) ORDER BY id',
  );
  return rows.map(({ id }) => id);
}
