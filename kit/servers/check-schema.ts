import { createHash } from 'node:crypto';
import { type Connection, createConnection, escapeId } from 'mysql2/promise';
import type { MysqlAddress } from './address.ts';
import { adminConnection } from './admin-connection.ts';
import { mysqlClientOptions } from './clients.ts';
import { endThreads } from './end-threads.ts';
import { messageOf, ServersUnavailable } from './errors.ts';
import { rollBackPrepared } from './prepared-transactions.ts';
import { randomPassword } from './redis-config.ts';

/** A schema that checks may reset, and the one user who lab code logs in as. */
export interface CheckSchema {
  schema: string;
  /** The student's user: SELECT, INSERT, UPDATE and DELETE on this schema, at most 20 connections. */
  address: MysqlAddress;
  /**
   * A new password for the student's user, whose threads are ended: the last holder could have changed it. Through a
   * connection of an administrator's, where there is one, it takes two round trips and a login.
   */
  renewUser(admin?: Connection): Promise<void>;
  /** `dropCheckSchema()` of this one. */
  drop(options?: { ours?: boolean }): Promise<void>;
}

const prefix = 'storelab_check_';

/**
 * The guard between checks and everybody's data: only names such as `storelab_check_w1` pass.
 *
 * @throws ServersUnavailable NOT_A_CHECK_SCHEMA
 */
export function assertCheckSchema(schema: string): void {
  if (new RegExp(`^${prefix}[a-z0-9_]{1,45}$`).test(schema)) return;
  throw new ServersUnavailable(
    'NOT_A_CHECK_SCHEMA',
    `Checks reset only schemas named ${prefix}*, of small letters, digits and _, at most 60 long; "${schema}" is not one. Pass such a name.`,
  );
}

/**
 * Makes an empty schema for checks, in place of an older one of that name, and a user for lab code. The name must
 * be unique in the run: two processes that use one name reset each other's rows.
 *
 * @param mysql an administrator's address: it creates the schema and the user
 * @throws ServersUnavailable NOT_A_CHECK_SCHEMA, CHECK_SCHEMA_DENIED
 * @example const { address, drop } = await createCheckSchema(servers.mysql, 'storelab_check_w1')
 */
export async function createCheckSchema(mysql: MysqlAddress, schema: string): Promise<CheckSchema> {
  assertCheckSchema(schema);
  const user = userOf(schema);
  const account = `'${user}'@'%'`;
  const address: MysqlAddress = { ...mysql, user, password: randomPassword(), database: schema };
  await asAdmin(mysql, async (admin) => {
    for (const statement of [
      `DROP DATABASE IF EXISTS ${escapeId(schema)}`,
      `CREATE DATABASE ${escapeId(schema)} CHARACTER SET utf8mb4`,
      `DROP USER IF EXISTS ${account}`,
      `CREATE USER ${account} IDENTIFIED BY '${address.password}' WITH MAX_USER_CONNECTIONS 20`,
      // In a grant, _ stands for any letter unless escaped.
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ${escapeId(schema.replaceAll('_', '\\_'))}.* TO ${account}`,
    ]) {
      await admin.query(statement);
    }
  });
  await logIn(address);
  return {
    schema,
    address,
    async renewUser(admin) {
      const renew = async (connection: Connection) => {
        address.password = randomPassword();
        await connection.query(`ALTER USER ${account} IDENTIFIED BY '${address.password}'`);
        await endThreads(connection, user);
        await logIn(address);
      };
      await (admin ? renew(admin) : asAdmin(mysql, renew));
    },
    drop: (options) => dropCheckSchema(mysql, schema, options),
  };
}

/**
 * Ends the threads of the student's user, and drops the schema and the user, also where another process made them.
 *
 * @param ours whether the server is ours alone, so that what XA PREPARE left in it is rolled back; default false.
 * @throws ServersUnavailable NOT_A_CHECK_SCHEMA, CHECK_SCHEMA_DENIED: also where somebody holds the tables for 3 s.
 */
export async function dropCheckSchema(
  mysql: MysqlAddress,
  schema: string,
  { ours = false } = {},
): Promise<void> {
  assertCheckSchema(schema);
  const user = userOf(schema);
  await asAdmin(mysql, async (admin) => {
    // A student's open transaction would hold the schema's metadata lock.
    await endThreads(admin, user).catch(() => {}); // what is left may hold none
    if (ours) await rollBackPrepared(admin);
    await admin.query(`DROP DATABASE IF EXISTS ${escapeId(schema)}`);
    await admin.query(`DROP USER IF EXISTS '${user}'@'%'`);
  });
}

/** Derived from the schema, so that a run after a crash replaces the user that the crash left behind. */
function userOf(schema: string): string {
  return `storelab_${createHash('sha256').update(schema).digest('hex').slice(0, 12)}`;
}

/**
 * One login of the student's user. It also lets MySQL keep what it needs for fast logins (caching_sha2_password),
 * so that those which come through a tap never send the password itself.
 */
async function logIn(address: MysqlAddress): Promise<void> {
  const connection = await createConnection(mysqlClientOptions(address));
  connection.destroy();
}

async function asAdmin(mysql: MysqlAddress, work: (admin: Connection) => Promise<void>): Promise<void> {
  const { database: _, ...server } = mysql;
  let admin: Connection | undefined;
  try {
    admin = await adminConnection(server);
    await work(admin);
  } catch (error) {
    throw new ServersUnavailable(
      'CHECK_SCHEMA_DENIED',
      `MySQL user "${mysql.user}" cannot make or drop a schema for checks (${messageOf(error)}): give it CREATE, DROP, CREATE USER and GRANT OPTION, or unset MYSQL_URL to use a private server.`,
      { cause: error },
    );
  } finally {
    admin?.destroy();
  }
}
