import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { createConnection } from 'mysql2/promise';
import type { MysqlAddress } from '../../../kit/servers/address.ts';
import { mysqlClientOptions } from '../../../kit/servers/clients.ts';
import { findMysql, versionLine } from '../../../kit/servers/local/binaries.ts';
import { initialiseMariadb, initialiseMysql } from '../../../kit/servers/local/initialise.ts';

/** A mariadbd or mysqld of a test's own, which can die and come back with what was committed. */
export interface MysqlProcess {
  address: MysqlAddress;
  /** Ends the server at once. */
  kill(): Promise<void>;
  /** Starts it again, and waits until it answers. */
  start(): Promise<void>;
  /** Stops it from answering, without ending it; false lets it go on. */
  freeze(frozen: boolean): void;
  close(): Promise<void>;
}

const PASSWORD = 'of-a-throw-away-server';

export async function startMysqlProcess(): Promise<MysqlProcess> {
  const binary = findMysql()!;
  const version = await versionLine(binary);
  const folder = await mkdtemp(join(tmpdir(), 'storelab-mysql-'));
  const options = [
    '--no-defaults',
    ...(userInfo().uid === 0 ? ['--user=root'] : []),
    `--datadir=${join(folder, 'data')}`,
    `--tmpdir=${folder}`,
    ...['--skip-networking', '--skip-name-resolve', '--skip-log-bin', '--default-time-zone=+00:00'],
    ...['--innodb-buffer-pool-size=32M', '--innodb-buffer-pool-load-at-startup=0'],
    // A COMMIT that is answered is in the log file: that is what a kill is to leave.
    '--innodb-flush-log-at-trx-commit=1',
  ];
  const { files, script } = /mariadb/i.test(version)
    ? initialiseMariadb(binary, folder, options)
    : initialiseMysql(binary, folder, { version, options });
  const init = `ALTER USER 'root'@'localhost' IDENTIFIED BY '${PASSWORD}';\n`;
  for (const [name, content] of Object.entries({ ...files, 'init.sql': init }))
    await writeFile(join(folder, name), content);
  await execa('sh', ['-c', `run() { "$@"; }\nmake() {\n${script}\n}\nmake`]);

  const socketPath = join(folder, 'mysql.sock');
  const address: MysqlAddress = { socketPath, user: 'root', password: PASSWORD };
  let server: ChildProcess | undefined;
  const start = async () => {
    const own = [
      `--socket=${socketPath}`,
      `--pid-file=${join(folder, 'pid')}`,
      `--init-file=${join(folder, 'init.sql')}`,
    ];
    server = spawn(binary.path, [...options, ...own], { stdio: 'ignore' });
    for (const begun = Date.now(); ; await pause(10)) {
      try {
        await (await createConnection(mysqlClientOptions(address))).end();
        return;
      } catch (error) {
        if (server.exitCode !== null || Date.now() - begun > 60_000) throw error;
      }
    }
  };
  const kill = async () => {
    const gone = once(server!, 'exit');
    server!.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    address,
    start,
    kill,
    freeze: (frozen) => void server!.kill(frozen ? 'SIGSTOP' : 'SIGCONT'),
    async close() {
      if (server?.exitCode === null && server.signalCode === null) await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
