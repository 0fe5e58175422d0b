import type { MysqlAddress, RedisAddress } from './address.ts';
import { findProgram } from './local/binaries.ts';

/** A program to start in a person's terminal. */
export interface ClientProgram {
  file: string;
  words: readonly string[];
  /** Variables of its environment: passwords stand here, as words of a command are for everybody to see. */
  env: Readonly<Record<string, string>>;
}

/**
 * Redis' own client on a server.
 *
 * @param words what it is to do; none is a prompt.
 * @throws Error that says what to install
 * @example redisClient({ path: '/run/redis.sock', password: 'x' }, ['PING']).words // ['-s', '/run/redis.sock', 'PING']
 */
export function redisClient(address: RedisAddress, words: readonly string[]): ClientProgram {
  const { path, host = '127.0.0.1', port = 6379, username, password, db } = address;
  const file = found(['redis-cli', 'valkey-cli'], { apt: 'redis-tools', brew: 'redis' });
  const where = path ? ['-s', path] : ['-h', host, '-p', String(port)];
  const who = username ? ['--user', username] : [];
  const which = db ? ['-n', String(db)] : [];
  return {
    file,
    words: [...where, ...who, ...which, ...words],
    env: password ? { REDISCLI_AUTH: password } : {},
  };
}

/**
 * MySQL's own client on a server, in the schema that the address names.
 *
 * @throws Error that says what to install
 */
export function mysqlClient(address: MysqlAddress, words: readonly string[]): ClientProgram {
  const { socketPath, host = '127.0.0.1', port = 3306, user, password, database } = address;
  const file = found(['mariadb', 'mysql'], { apt: 'mariadb-client-core', brew: 'mariadb' });
  const where = socketPath
    ? [`--socket=${socketPath}`]
    : [`--host=${host}`, `--port=${port}`, '--protocol=tcp'];
  // It reads no file of the person's: that may name another server.
  const all = [
    '--no-defaults',
    ...where,
    `--user=${user}`,
    ...(database ? [`--database=${database}`] : []),
    ...words,
  ];
  return { file, words: all, env: { MYSQL_PWD: password } };
}

function found(names: readonly string[], packages: { apt: string; brew: string }): string {
  const file = findProgram(names);
  if (file) return file;
  throw new Error(
    `No ${names.join(' or ')} on this machine: install it (Debian and Ubuntu: sudo apt-get install ${packages.apt}; macOS: brew install ${packages.brew}).`,
  );
}
