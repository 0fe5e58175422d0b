import type { Redis } from 'ioredis';
import type { Connection, RowDataPacket } from 'mysql2/promise';

/** What MySQL counts or names by itself. */
const varying = /^(gtid_|wsrep_|timestamp$|innodb_buffer_pool_dump|innodb_buffer_pool_load)/;

/**
 * What a submission or a check could leave in servers beside rows and keys: users, rights, settings, functions, prepared
 * transactions, locks.
 */
export async function serverState({ redis, mysql }: { redis: Redis; mysql: Connection }) {
  const rows = async (sql: string) => (await mysql.query<RowDataPacket[]>(sql))[0];
  const users = await rows('SELECT user AS user, host AS host FROM mysql.user ORDER BY 1, 2');
  const grants: unknown[] = [];
  for (const { user, host } of users) grants.push(await rows(`SHOW GRANTS FOR '${user}'@'${host}'`));
  const variables = await rows('SHOW GLOBAL VARIABLES');
  return {
    acl: await redis.call('ACL', 'LIST'),
    config: await redis.config('GET', '*'),
    functions: await redis.call('FUNCTION', 'LIST'),
    users,
    // A new submission comes with a new password.
    grants: JSON.stringify(grants)
      .replaceAll(/PASSWORD '[^']*'/g, '')
      .split(/[[\],]/)
      .filter((grant) => !/storelab_check_data/.test(grant)), // what a run generates is read by all
    variables: variables.filter(({ Variable_name }) => !varying.test(Variable_name)),
    schemas: await rows("SHOW DATABASES WHERE `Database` NOT LIKE 'storelab\\_check\\_data%'"),
    prepared: await rows('XA RECOVER'),
    transactions: await rows(
      'SELECT trx_state, trx_mysql_thread_id FROM information_schema.innodb_trx WHERE trx_mysql_thread_id <> CONNECTION_ID()',
    ),
    session: await rows("SHOW SESSION VARIABLES WHERE Variable_name LIKE '%lock_wait_timeout'"),
  };
}
