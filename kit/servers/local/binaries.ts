import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ServersUnavailable } from '../errors.ts';

/** A server program that this machine has. */
export interface Binary {
  /** Absolute path. */
  path: string;
}

const usualFolders = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/libexec',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/mysql/bin',
  '/opt/homebrew/opt/mariadb/bin',
  '/usr/local/mysql/bin',
  '/opt/local/bin',
  '/snap/bin',
];

/**
 * The absolute path of the first of these programs that PATH, or a usual folder beside it, holds.
 *
 * @example findProgram(['mariadbd', 'mysqld']) // '/usr/sbin/mariadbd'
 */
export function findProgram(names: readonly string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...usualFolders];
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here: look in the next folder.
      }
    }
  }
  return undefined;
}

/** `LAB_MYSQLD` where it is set, else mariadbd or mysqld. */
export function findMysql(): Binary | undefined {
  const path = process.env.LAB_MYSQLD || findProgram(['mariadbd', 'mysqld']);
  return path ? { path } : undefined;
}

/**
 * The first line of what `--version` prints: `'mariadbd  Ver 10.11.19-MariaDB ...'`.
 *
 * @throws ServersUnavailable SERVER_FAILED where the program does not run
 */
export async function versionLine({ path }: Binary): Promise<string> {
  const { execa } = await import('execa'); // a hundred modules, for a start of servers alone
  const {
    stdout = '',
    failed,
    shortMessage,
  } = await execa(path, ['--version'], {
    timeout: 10_000,
    reject: false,
  });
  if (!failed) return stdout.split('\n', 1)[0] ?? '';
  throw new ServersUnavailable(
    'SERVER_FAILED',
    `${path} does not run (${shortMessage}): install it anew, or set LAB_SERVERS=containers.`,
  );
}
