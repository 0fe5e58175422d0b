import { type Connection, createConnection, type Pool } from 'mysql2/promise';
import type { MysqlAddress } from '../../../kit/servers/address.ts';
import { mysqlClientOptions } from '../../../kit/servers/clients.ts';

/** A pool that somebody owns, or an address to connect to. */
export type MysqlTarget = Pool | MysqlAddress;

/** Connections for one piece of work, and how to be rid of them. */
export interface Connections {
  /** A further connection, no schema chosen yet. */
  open(): Promise<Connection>;
  /** Ends every connection opened; never rejects. */
  close(): Promise<void>;
}

/**
 * Connections of one's own: session settings made on them never reach a pool's other users, as a pool's connections
 * are destroyed, not given back. Times are UTC.
 *
 * @example const { open, close } = connectionsOf(servers.mysql);
 */
export function connectionsOf(target: MysqlTarget): Connections {
  const opened: Connection[] = [];
  return {
    async open() {
      const connection =
        'getConnection' in target
          ? await target.getConnection()
          : // The schema named in a URL need not exist yet.
            await createConnection({ ...mysqlClientOptions(target), database: undefined });
      opened.push(connection);
      return connection;
    },
    async close() {
      for (const connection of opened.splice(0)) connection.destroy();
    },
  };
}

/** The schema that a target means where none is told: the one in its URL, or undefined. */
export function schemaOf(target: MysqlTarget): string | undefined {
  return 'getConnection' in target ? undefined : target.database;
}
