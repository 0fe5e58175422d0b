import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Numbers that systemd's table of users leaves to nobody. */
const FREE = 1_900_000_000;
/** The same for a container that maps 65,536 users. */
const FREE_SMALL = 60_600;
const SMALL_RANGE = 500;

/**
 * The user, and the group of the same number, that the runners of this process have, where it is root: one that owns
 * nothing and that no other judge uses. Undefined where the process is not root: its runners are of its own user.
 */
export function runnerUser(pid = process.pid): number | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return mapped(FREE + pid) ? FREE + pid : containerUser(pid);
}

/**
 * The user, and the group of the same number, that a runner has in a container of this process, whoever that is: the
 * engine makes it one that owns nothing.
 *
 * @example containerUser(4711) // 60811
 */
export const containerUser = (pid = process.pid): number => FREE_SMALL + (pid % SMALL_RANGE);

/** Whether the user namespace that this process is in knows such a user. */
function mapped(user: number): boolean {
  try {
    const ranges = readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n');
    return ranges.some((line) => {
      const [from, , count] = line.trim().split(/\s+/).map(Number);
      return user >= from! && user < from! + count!;
    });
  } catch {
    return false;
  }
}

/**
 * Whether somebody who owns nothing here can read this file, or enter this folder.
 *
 * @example openToAll('/usr/bin/env') // true
 */
export function openToAll(path: string): boolean {
  const { mode } = statSync(path);
  if (!(mode & 0o004)) return false;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (!(statSync(folder).mode & 0o001)) return false;
    if (folder === dirname(folder)) return true;
  }
}
