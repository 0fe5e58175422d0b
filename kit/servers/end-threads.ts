import { setTimeout as pause } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';

/** How long a thread that was killed may take to be gone, ms: it has a transaction to roll back, and the machine may be busy. */
const GONE_MS = 5_000;

/** A user's threads are still there after they were killed: MySQL looks at KILL between rows, and not within a function. */
export class ThreadsLeft extends Error {
  override name = 'ThreadsLeft';
}

interface Thread extends RowDataPacket {
  Id: number;
  User: string;
  Command: string;
}

/**
 * The threads of a user in MySQL.
 *
 * Not from information_schema: MySQL makes utf8mb3 of every statement there, and fails at the 🔨 of another's fixture.
 */
export async function threadsOf(mysql: Connection, user: string): Promise<Thread[]> {
  const [threads] = await mysql.query<Thread[]>('SHOW PROCESSLIST');
  return threads.filter(({ User }) => User === user);
}

/**
 * Ends what a user still runs in MySQL, and waits until it is gone: an open transaction would lock the fixture.
 *
 * @param which of the user's threads, default all.
 * @throws ThreadsLeft where some are still there 5 s after they were killed.
 * @example await endThreads(mysql, 'storelab_check_w1_a1b2')
 */
export async function endThreads(
  mysql: Connection,
  user: string,
  which: (thread: Thread) => boolean = () => true,
): Promise<void> {
  const found = (await threadsOf(mysql, user)).filter(which).map(({ Id }) => Number(Id));
  if (found.length === 0) return;
  for (const id of found) await mysql.query(`KILL ${id}`).catch(() => {}); // it may have ended by itself
  const begun = performance.now();
  for (let wait = 1; ; wait = Math.min(2 * wait, 100)) {
    const there = await threadsOf(mysql, user);
    const left = there.filter(({ Id }) => found.includes(Number(Id)));
    if (left.length === 0) return;
    if (performance.now() - begun > GONE_MS)
      throw new ThreadsLeft(
        `${left.length} statements in MySQL did not end within ${GONE_MS / 1000} s of being killed`,
      );
    await pause(wait);
  }
}
