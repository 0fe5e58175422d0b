import type { Pool, ResultSetHeader } from 'mysql2/promise';
import { codeOf } from '../../shared/mysql-errors.ts';
import { Refusal } from '../../shared/refusal.ts';
import type { User } from '../queries/list-users.ts';

/**
 * Adds a user; an email belongs to one user, whatever its case.
 *
 * @throws Refusal EMAIL_TAKEN
 * @example await addUser(mysql, { name: 'Ada Lovelace', email: 'ada@example.com' }) // { id: 1, ... }
 */
export async function addUser(mysql: Pool, { name, email }: { name: string; email: string }): Promise<User> {
  try {
    const [{ insertId }] = await mysql.query<ResultSetHeader>(
      'INSERT INTO users (name, email) VALUES (?, ?)',
      [name, email],
    );
    return { id: insertId, name, email };
  } catch (error) {
    if (codeOf(error) !== 'ER_DUP_ENTRY') throw error;
    throw new Refusal('EMAIL_TAKEN', `A user with the email ${email} is there already.`);
  }
}
