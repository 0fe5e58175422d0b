import type { LabContext } from '../lab/context.ts';

/** A change of a player's inventory that is acknowledged now and reaches MySQL later. */
export interface InventoryChange {
  /** Unique to the change: delivered twice, it counts once. 1 to 100 visible ASCII characters, no space. */
  changeId: string;
  playerId: number;
  resourceId: number;
  /** What is added, or taken where it is negative: a whole number, not 0, at most 4,294,967,295 either way. */
  delta: number;
}

/** A change that MySQL would not take: it was accepted, it is not in `inventories`, and it never will be. */
export interface RefusedChange extends InventoryChange {
  /** For a person to read: `player 7 would hold -2 of resource 2`. */
  reason: string;
}

export interface FlushOptions {
  /** The most changes of one transaction, default 100. */
  batch?: number;
}

export interface FlusherOptions extends FlushOptions {
  /** How often it flushes, ms, default 1000. */
  everyMs?: number;
}

/** What lab 08 implements and the game needs: writes that are acknowledged from Redis. */
export interface WriteBehind {
  /**
   * Takes a change: resolves once Redis holds it (the queue's Redis: AOF, `noeviction`), before MySQL knows of it. Its
   * effect is seen by `getPending` at once. The same `changeId` again changes nothing and resolves too, whatever else
   * it says; of one that is written or refused, Redis knows this for a day at least from then, and MySQL for ever.
   *
   * @throws TypeError for what is no change, before a command is sent; what Redis threw, where it did not take it:
   * the caller may then send it again.
   * @example await acceptChange({ redis, now }, { changeId: 'craft-81', playerId: 7, resourceId: 2, delta: -2 })
   */
  acceptChange(ctx: Pick<LabContext, 'redis' | 'now'>, change: InventoryChange): Promise<void>;

  /**
   * The sum of the deltas of one player and resource that are accepted and not yet settled: a settled one is in MySQL,
   * or was refused by it. Between MySQL's COMMIT and the word of it in Redis a change is in both, never in neither.
   *
   * @example await getPending({ redis }, 7, 2) // -2
   */
  getPending(ctx: Pick<LabContext, 'redis'>, playerId: number, resourceId: number): Promise<number>;

  /**
   * Writes what is accepted to MySQL (`inventories`, and `applied_writes` with each `changeId`, in one transaction a
   * batch), in the order of acceptance for each player and resource, until nothing is left of what was accepted when
   * it was called. What it is interrupted in is finished by the next call, in effect exactly once. May run in several
   * processes at once.
   *
   * A change that MySQL will not take at its turn (it would leave less than 0, or there is no such player) is refused:
   * `getRefused` tells of it, and those behind it go on.
   *
   * @returns how many changes this call applied.
   * @throws what MySQL or Redis threw, where it does not answer: then nothing is lost, and the next call goes on. An
   * error that says nothing of the data (a deadlock, a full disk) is no refusal either, and costs no connection.
   */
  flushChanges(ctx: Pick<LabContext, 'redis' | 'mysql'>, options?: FlushOptions): Promise<number>;

  /** What was refused, each once, the oldest first. */
  getRefused(ctx: Pick<LabContext, 'redis' | 'mysql'>): Promise<RefusedChange[]>;

  /**
   * Flushes again and again, in batches of at most `batch`, until `stopped()` resolves, then waits for the flush under
   * way, closes what it opened, and resolves. Any number of processes may run one, and none ends that of another; a
   * flush that fails is tried again at the next turn.
   *
   * @throws an Error whose `name` is 'RedisMayForget', before anything is begun, where Redis may evict keys: its
   * `maxmemory-policy` is not `noeviction`.
   * @example await runFlusher(lab, async () => { await once(process, 'SIGTERM'); }, { everyMs: 1000 })
   */
  runFlusher(
    ctx: Pick<LabContext, 'redis' | 'mysql'>,
    stopped: () => Promise<void>,
    options?: FlusherOptions,
  ): Promise<void>;
}
