import type { RowDataPacket } from 'mysql2/promise';
import { type Queryable, utc } from './queryable.ts';

/**
 * Names by id; an id that is not there is left out.
 *
 * @example (await namesOf(mysql, 'products', [1, 3])).get(3) // 'Mouse'
 */
export async function namesOf(
  mysql: Queryable,
  table: 'users' | 'products',
  ids: Iterable<number>,
): Promise<Map<number, string>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const [rows] = await mysql.query<RowDataPacket[]>(`SELECT id, name FROM ${table} WHERE id IN (?)`, [
    wanted,
  ]);
  return new Map(rows.map(({ id, name }) => [id as number, name as string]));
}

/**
 * When orders were placed, by id.
 *
 * @example (await placedAt(mysql, [1])).get(1) // new Date('2025-01-01T09:00:00.000Z')
 */
export async function placedAt(mysql: Queryable, ids: readonly number[]): Promise<Map<number, Date>> {
  if (ids.length === 0) return new Map();
  const [rows] = await mysql.query<RowDataPacket[]>('SELECT id, created_at FROM orders WHERE id IN (?)', [
    ids,
  ]);
  return new Map(rows.map(({ id, created_at }) => [id as number, utc(created_at)]));
}
