import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { CLONE } from './run-tree.ts';

/** What a bare machine held before a command. */
export interface Before {
  tree: string;
  packages: ReadonlySet<string>;
  /** A file as old as this look: what is newer came later. */
  mark: string;
}

/** What a command left in it, outside the clone. */
export interface Left {
  /** System packages that it installed, by name. */
  packages: string[];
  /** Files in `/tmp` and `/var/tmp`. */
  temporary: string[];
  /** All other files, by folder: `'/opt/.npm: 1204 files'`. */
  others: string[];
}

/** Looks at a system's folder before a command runs in it. */
export function lookBefore(tree: string): Before {
  const mark = `${tree}.mark`;
  writeFileSync(mark, '');
  utimesSync(mark, new Date(), new Date());
  return { tree, packages: packagesOf(tree), mark };
}

/**
 * What is there now and was not, outside of the clone. Files that a package brought bear its dates and are not named one
 * by one; those that apt and dpkg keep for themselves are left out.
 *
 * @example (await whatIsLeft(before)).packages // ['mariadb-server-core', 'redis-tools']
 */
export async function whatIsLeft({ tree, packages, mark }: Before): Promise<Left> {
  const skipped = [CLONE, '/proc', '/sys', '/dev', '/var/lib/dpkg', '/var/lib/apt', '/var/cache', '/var/log'];
  const prune = skipped.flatMap((path) => ['-path', join(tree, path), '-prune', '-o']);
  const words = [tree, '-xdev', ...prune, '-newer', mark, '!', '-type', 'd', '-printf', '/%P\\n'];
  const { stdout } = await execa('find', words);
  const files = stdout.split('\n').filter(Boolean);
  const isTemporary = (file: string) => /^\/(?:var\/)?tmp\//.test(file);
  const counts = new Map<string, number>();
  for (const file of files.filter((one) => !isTemporary(one))) {
    const folder = file.split('/').slice(0, 3).join('/');
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return {
    packages: [...packagesOf(tree)].filter((name) => !packages.has(name)).sort(),
    temporary: files.filter(isTemporary),
    others: [...counts].map(([path, n]) => (n === 1 ? path : `${path}: ${n} files`)).sort(),
  };
}

/** Names of the packages that dpkg has installed in a system's folder. */
function packagesOf(tree: string): Set<string> {
  const status = readFileSync(join(tree, 'var/lib/dpkg/status'), 'utf8');
  const installed = status.split('\n\n').filter((entry) => /^Status: .* installed$/m.test(entry));
  return new Set(installed.flatMap((entry) => /^Package: (.+)$/m.exec(entry)?.[1] ?? []));
}
