import { endThreads, ThreadsLeft } from '../servers/end-threads.ts';
import type { CheckServers } from './check-servers.ts';
import type { Crash } from './crashed.ts';

/** How long after a server's end its log may take to be there, ms. */
const LOG_MS = 2_000;

/** Whether the servers of an environment are still of use, after what a student's code has done to them. */
export class ServerHealth {
  /** Set once MySQL could not be put back, or has gone: it is of no more use to anybody. */
  mysqlIsSpoilt = false;
  #opened: CheckServers;
  /** How many connections to MySQL the student had made when the check began. */
  #accepted = 0;

  constructor(opened: CheckServers) {
    this.#opened = opened;
  }

  /** A new check begins. */
  beginCheck(): void {
    this.#accepted = this.#opened.mysql.tap.accepted;
  }

  /** The same as `work`; where it fails, or until it is done, MySQL counts as spoilt. */
  async orSpoilt(work: Promise<void>): Promise<void> {
    const before = this.mysqlIsSpoilt;
    this.mysqlIsSpoilt = true;
    await work;
    this.mysqlIsSpoilt = before;
  }

  /**
   * Ends what the student's code still has MySQL do after a check.
   *
   * @returns whether it is gone. What ignores KILL is MySQL's to the end: open another environment.
   */
  async endStatements(): Promise<boolean> {
    const { mysql, tap, checkSchema } = this.#opened.mysql;
    if (tap.accepted === this.#accepted) return true;
    const active = endThreads(mysql, checkSchema.address.user, ({ Command }) => Command !== 'Sleep');
    return this.orSpoilt(active).then(
      () => true,
      (error) => {
        if (error instanceof ThreadsLeft) return false;
        throw error;
      },
    );
  }

  /** The server that has ended by itself, where one has. Ask `endStatements()` first: it sees whether MySQL answers. */
  async crash(): Promise<Crash | undefined> {
    const { redis, mysql } = this.#opened;
    if (redis.redis.status !== 'ready') {
      const log = await redis.own.ended?.(LOG_MS);
      if (log !== undefined) return { server: 'Redis', log };
    }
    const log = this.mysqlIsSpoilt ? await mysql.ended?.(LOG_MS) : undefined;
    return log === undefined ? undefined : { server: 'MySQL', log };
  }
}
