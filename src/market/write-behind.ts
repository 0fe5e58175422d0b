import type { LabContext } from '../lab/context.ts';

/** A change of a player's inventory that is acknowledged now and reaches MySQL later. */
export interface InventoryChange {
  /** Unique to the change: delivered twice, it counts once. At most 100 characters. */
  changeId: string;
  playerId: number;
  resourceId: number;
  /** What is added, or taken where it is negative: a whole number, not 0. */
  delta: number;
}

/** What lab 08 implements and the game needs: writes that are acknowledged from Redis. */
export interface WriteBehind {
  /**
   * Takes a change: resolves once Redis holds it (the queue's Redis: AOF, `noeviction`), before MySQL knows of it. Its
   * effect is seen by `getPending` at once. The same `changeId` again changes nothing and resolves too.
   */
  acceptChange(ctx: Pick<LabContext, 'redis' | 'now'>, change: InventoryChange): Promise<void>;

  /** The sum of the deltas of one player and resource that are accepted and not yet in MySQL. */
  getPending(ctx: Pick<LabContext, 'redis'>, playerId: number, resourceId: number): Promise<number>;

  /**
   * Writes what is accepted to MySQL (`inventories`, and `applied_writes` with each `changeId`, in one transaction a
   * batch), in the order of acceptance for each player and resource, at most `batch` changes a transaction, until
   * nothing is left. What it is interrupted in is finished by the next call, in effect exactly once. May run in
   * several processes at once.
   *
   * @returns how many changes this call applied.
   * @throws what MySQL threw, where it does not answer: then nothing is lost, and the next call goes on.
   */
  flushChanges(ctx: Pick<LabContext, 'redis' | 'mysql'>, options?: { batch?: number }): Promise<number>;
}
