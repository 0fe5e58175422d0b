import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where programs find libraries in places that are not the usual ones. */
const CACHE = '/etc/ld.so.cache';

/**
 * The shared libraries that these programs load, and the loader itself, as they must lie in a file system of their own.
 * Where the system does not tell them one by one, it is the folders that hold all libraries.
 *
 * @example await libraries(['/usr/bin/env']) // ['/etc/ld.so.cache', '/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2']
 */
export async function libraries(programs: readonly string[]): Promise<string[]> {
  // It fails where one of them loads none, and tells of the others all the same.
  const { stdout = '' } = await run('ldd', [...programs], { env: { LC_ALL: 'C' } }).catch((error) => error);
  const found = new Set<string>([...stdout.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)].map(([, path]) => path!));
  const all = found.size > 0 ? [...found].sort() : ['/lib', '/lib64', '/usr/lib', '/usr/lib64'];
  return [CACHE, ...all].filter((path) => existsSync(path));
}
