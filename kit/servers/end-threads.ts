import type { Connection } from 'mysql2/promise';

/**
 * Ends what a user still runs in MySQL: an open transaction would lock the fixture.
 *
 * @example await endThreads(mysql, 'storelab_check_w1_a1b2')
 */
export async function endThreads(mysql: Connection, user: string): Promise<void> {
  // Not information_schema: MySQL makes utf8mb3 of every statement there, and fails at the 🔨 of another's fixture.
  const [threads] = await mysql.query('SHOW PROCESSLIST');
  for (const { Id, User } of threads as { Id: number; User: string }[]) {
    if (User !== user) continue;
    await mysql.query(`KILL ${Number(Id)}`).catch(() => {}); // it may have ended by itself
  }
}
