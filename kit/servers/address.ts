/** Where a Redis (or Valkey) answers: a Unix socket, or a host and port. */
export interface RedisAddress {
  /** Unix socket; where it is set, `host` and `port` are not. */
  path?: string;
  host?: string;
  port?: number;
  username?: string;
  password?: string;
  /** Logical database, default 0. */
  db?: number;
}

/** Where a MySQL (or MariaDB) answers, with a user who may create schemas and users. */
export interface MysqlAddress {
  /** Unix socket; where it is set, `host` and `port` are not. */
  socketPath?: string;
  host?: string;
  port?: number;
  user: string;
  password: string;
  /** The schema that a client selects, default none. */
  database?: string;
}

/** What answered, read from the server itself: `{ flavour: 'MariaDB', version: '10.11.19' }`. */
export interface ServerVersion {
  flavour: 'MySQL' | 'MariaDB' | 'Redis' | 'Valkey';
  version: string;
}

/** Where the servers of a run came from. */
export type ServerSource = 'urls' | 'containers' | 'local';
