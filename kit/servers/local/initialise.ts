import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rootFolder } from '../../base/root.ts';
import { ServersUnavailable } from '../errors.ts';
import type { Binary } from './binaries.ts';
import { shellWord } from './keeper.ts';

/** How an empty database comes to be in FOLDER/data: shell lines for start.sh, and the files that they read. */
export interface Initialise {
  files: Record<string, string>;
  script: string;
}

/**
 * The system tables of MariaDB, from the SQL files that come with the server, in 0.2 s. (mariadb-install-db does
 * the same with help tables and a test schema on top, and some packages lack it.)
 */
export function initialiseMariadb(binary: Binary, folder: string, options: readonly string[]): Initialise {
  const input = join(folder, 'system.sql');
  const bootstrap = [binary.path, ...options, '--bootstrap', '--enforce-storage-engine='].map(shellWord);
  return {
    files: { 'system.sql': mariadbSystemTables(binary) },
    script: [
      `mkdir ${shellWord(join(folder, 'data'))} || return`,
      `run sh -c 'exec "$@" <"$0"' ${shellWord(input)} ${bootstrap.join(' ')} || return`,
    ].join('\n'),
  };
}

/** In this order; their names begin with `mysql` up to MariaDB 10, with `mariadb` since 11. */
const systemTables = ['_system_tables.sql', '_performance_tables.sql', '_system_tables_data.sql'];

function mariadbSystemTables(binary: Binary): string {
  const prefix = join(dirname(realpathSync(binary.path)), '..');
  const shares = ['share/mysql', 'share/mariadb', 'share'].map((folder) => join(prefix, folder));
  const prefixes = shares.flatMap((share) => ['mysql', 'mariadb'].map((name) => join(share, name)));
  const found = prefixes.find((path) => existsSync(`${path}${systemTables[0]}`));
  if (!found) {
    throw new ServersUnavailable(
      'SERVER_FAILED',
      `${binary.path} came without its system tables, mysql_system_tables.sql or mariadb_system_tables.sql (looked in ${shares.join(', ')}): install the package mariadb-server-core, or set LAB_SERVERS=containers.`,
    );
  }
  const sql = systemTables
    .map((file) => `${found}${file}`)
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    // A user root@<this machine> without a password: mariadb-install-db --cross-bootstrap leaves it out too.
    .filter((line) => !line.includes('@current_hostname'));
  return ['CREATE DATABASE IF NOT EXISTS mysql;', 'USE mysql;', 'SET @auth_root_socket=NULL;', ...sql].join(
    '\n',
  );
}

/**
 * The empty database of MySQL. mysqld takes seconds to make one, so the first is kept in `.lab/cache`, one a
 * server version, and later starts copy it.
 */
export function initialiseMysql(
  binary: Binary,
  folder: string,
  { version, options }: { version: string; options: readonly string[] },
): Initialise {
  const data = shellWord(join(folder, 'data'));
  const cache = join(rootFolder(), '.lab', 'cache');
  const key = createHash('sha256').update(version).digest('hex').slice(0, 12);
  const kept = shellWord(join(cache, `mysql-${key}`));
  const unfinished = shellWord(join(cache, `mysql-${key}.${folder.slice(-6)}`));
  const create = [binary.path, ...options, '--initialize-insecure'].map(shellWord).join(' ');
  return {
    files: {},
    script: [
      `if [ -d ${kept} ]; then`,
      `  run cp -R ${kept} ${data} || return`,
      'else',
      `  run ${create} || return`,
      // Renamed when whole: two first starts at once, or one that is killed, must not leave half a copy to use.
      `  mkdir -p ${shellWord(cache)}`,
      `  run cp -R ${data} ${unfinished} && [ ! -d ${kept} ] && mv ${unfinished} ${kept}`,
      `  rm -rf ${unfinished}`,
      'fi',
    ].join('\n'),
  };
}
