import { join } from 'node:path';
import type { MysqlAddress } from '../address.ts';
import { randomPassword } from '../redis-config.ts';
import { type Binary, versionLine } from './binaries.ts';
import { initialiseMariadb, initialiseMysql } from './initialise.ts';
import { type KeptServer, shellWord, startKept } from './keeper.ts';
import { memoryLimit } from './memory-limit.ts';

/** A local MySQL or MariaDB, on a Unix socket alone. */
export interface LocalMysql extends KeptServer {
  address: MysqlAddress;
}

/** Nothing here survives the run, so nothing is flushed to disk for safety's sake. */
const throwAway = [
  '--skip-networking',
  '--skip-name-resolve',
  '--max-connections=300',
  '--character-set-server=utf8mb4',
  '--default-time-zone=+00:00',
  '--local-infile=ON',
  '--skip-log-bin',
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-doublewrite=0',
  '--innodb-buffer-pool-size=128M',
  '--innodb-buffer-pool-load-at-startup=0',
];

const mariadbOnly = [
  '--innodb-flush-method=nosync',
  '--innodb-log-file-size=64M',
  '--innodb-data-file-path=ibdata1:1M:autoextend',
  '--innodb-autoextend-increment=1',
  '--innodb-temp-data-file-path=ibtmp1:1M:autoextend',
  '--loose-innodb-undo-tablespaces=0',
  // As MySQL has it. Since 11.6 MariaDB else ends a transaction that locks a row which changed after its first read.
  '--loose-innodb-snapshot-isolation=OFF',
  '--aria-log-file-size=8M',
  '--log-warnings=1',
  // What a statement may use; it looks at this now and then, and not at user variables: see MEMORY_MB.
  '--loose-max-session-mem-used=256M',
  // Else it reserves 8 TB of addresses, and no limit could hold.
  '--loose-innodb-buffer-pool-size-max=128M',
];

const mysqlOnly = [
  '--innodb-flush-method=O_DIRECT_NO_FSYNC',
  '--innodb-redo-log-capacity=64M',
  '--mysqlx=OFF',
  '--secure-file-priv=NULL',
  '--log-error-verbosity=1',
  '--performance-schema=OFF',
  // Of each session but an administrator's, and of all together.
  '--loose-global-connection-memory-tracking=ON',
  '--loose-connection-memory-limit=256M',
  '--loose-global-connection-memory-limit=1G',
];

/** What the whole server may use, MB: some 0.9 GB are reserved at the start, of which 0.1 GB are used. MySQL reserves more. */
const MEMORY_MB = { mariadb: 2048, mysql: 4096 };

/**
 * Starts a private mariadbd or mysqld whose user `root` has a random password. MariaDB is ready in about
 * 0.5 s; MySQL takes some seconds the first time, then copies the empty database that it made.
 *
 * @throws ServersUnavailable SERVER_FAILED
 */
export async function startLocalMysql(binary: Binary): Promise<LocalMysql> {
  const version = await versionLine(binary);
  const isMariadb = /mariadb/i.test(version);
  const password = randomPassword();
  const server = await startKept((folder) => {
    const options = [
      '--no-defaults',
      // Both refuse to run as root without this option.
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
      `--datadir=${join(folder, 'data')}`,
      `--tmpdir=${folder}`,
      ...throwAway,
      ...(isMariadb ? mariadbOnly : mysqlOnly),
    ];
    const { files, script } = isMariadb
      ? initialiseMariadb(binary, folder, options)
      : initialiseMysql(binary, folder, { version, options });
    const start = [
      binary.path,
      ...options,
      `--socket=${join(folder, 'mysql.sock')}`,
      `--pid-file=${join(folder, 'mysql.pid')}`,
      `--init-file=${join(folder, 'init.sql')}`,
    ];
    return {
      name: binary.path,
      socket: 'mysql.sock',
      timeoutMs: 60_000,
      files: {
        ...files,
        'init.sql': `ALTER USER 'root'@'localhost' IDENTIFIED BY '${password}';\n`,
        'start.sh': `${script}\n${memoryLimit(MEMORY_MB[isMariadb ? 'mariadb' : 'mysql'])}run ${start.map(shellWord).join(' ')}\n`,
      },
    };
  });
  return { ...server, address: { socketPath: server.socket, user: 'root', password } };
}
