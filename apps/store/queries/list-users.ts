import type { RowDataPacket } from 'mysql2/promise';
import { type Page, pageOf, type Queryable } from './queryable.ts';

export interface User {
  id: number;
  name: string;
  email: string;
}

/**
 * Users by id, a page that begins after an id: the last page costs no more than the first.
 *
 * @example await listUsers(mysql, { after: 50, limit: 50 }) // { rows: [{ id: 51, ... }, ...], next: 100 }
 */
export async function listUsers(
  mysql: Queryable,
  { after = 0, limit }: { after?: number; limit: number },
): Promise<Page<User>> {
  const [rows] = await mysql.query<(User & RowDataPacket)[]>(
    'SELECT id, name, email FROM users WHERE id > ? ORDER BY id LIMIT ?',
    [after, limit + 1],
  );
  return pageOf(rows, limit);
}
