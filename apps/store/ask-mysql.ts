import { deadline } from '../shared/deadline.ts';
import { MysqlAway } from '../shared/problem.ts';

/** Milliseconds that a page waits for MySQL. */
const patience = 5000;

/**
 * A result of MySQL in time for a page.
 *
 * @throws MysqlAway where it takes longer than five seconds; else whatever the query throws
 * @example await askMysql(listUsers(mysql, { limit: 50 }))
 */
export function askMysql<T>(query: Promise<T>): Promise<T> {
  return deadline(query, patience, () => new MysqlAway());
}

/** A result that a page can do without: `otherwise` where MySQL does not give it. */
export function askMysqlOr<T>(query: Promise<T>, otherwise: T): Promise<T> {
  return askMysql(query).catch(() => otherwise);
}
