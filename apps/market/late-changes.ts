import { randomUUID } from 'node:crypto';
import { domains } from '../../src/cache/domains.ts';
import { CacheUnavailable } from '../../src/cache/redis-calls.ts';
import { isFull } from '../../src/cache/redis-trouble.ts';
import { LabFailed, LabNotSolved } from '../shared/lab-error.ts';
import { cacheFull, RequestProblem } from '../shared/problem.ts';
import type { Flusher } from './flusher.ts';
import type { Game } from './game.ts';
import { afterStock } from './invalidate.ts';

/** A change that is to be accepted now and written later. */
export interface LateChange {
  /** `gather`; part of the change's id, so that two routes never share one. */
  what: string;
  /** The client's own, where it wants to be able to send the change again. */
  id?: string | undefined;
  playerId: number;
  resourceId: number;
  delta: number;
}

/**
 * Accepts a change of an inventory (lab 08).
 *
 * Who reads this inventory must learn that MySQL does not tell all of it yet: which resources may have something
 * pending is noted first, and what is cached goes before and after, so that nothing from before the change is served
 * once it has been written. (A reader who fills the cache in between, of a process that is killed right after, leaves it
 * stale for its time to live.)
 *
 * @returns the change's id
 * @throws LabNotSolved, LabFailed; RequestProblem where Redis did not take it
 */
export async function acceptLate(game: Game, flusher: Flusher, change: LateChange): Promise<string> {
  const { what, id = randomUUID(), playerId, resourceId, delta } = change;
  const { redis, labs, cache, now } = game;
  flusher.mustRun();
  const changeId = `${what}-${playerId}-${id}`;
  const late = domains.late.key(playerId);
  try {
    await Promise.all([
      redis.sadd(late, resourceId),
      redis.expire(late, domains.late.ttl),
      afterStock(cache, playerId),
    ]);
    await labs.acceptChange({ redis, now }, { changeId, playerId, resourceId, delta });
    await afterStock(cache, playerId).catch(() => {}); // the deletion is pending, and the change is accepted
    return changeId;
  } catch (error) {
    if (error instanceof LabNotSolved || error instanceof LabFailed) throw error;
    if (isFull(error)) throw new RequestProblem(cacheFull);
    throw new RequestProblem({
      status: 503,
      code: 'NOT_ACCEPTED',
      message:
        'Redis did not take it, or did not say so. Send it again with the same change_id: it counts once.',
      retryAfter: 5,
    });
  }
}

/** What is accepted of a resource and not yet in MySQL. */
export interface Pending {
  resourceId: number;
  delta: number;
}

/**
 * What is pending of a player, by the resource's id; none where lab 08 is not written. To be asked *before* MySQL:
 * what is written in between is in both then, and never in neither.
 *
 * @throws CacheUnavailable
 */
export async function pendingOf({ redis, labs }: Game, playerId: number): Promise<Pending[]> {
  try {
    const noted = (await redis.smembers(domains.late.key(playerId))).map(Number).sort((a, b) => a - b);
    const pending = await Promise.all(
      noted.map(async (resourceId) => ({
        resourceId,
        delta: await labs.getPending({ redis }, playerId, resourceId),
      })),
    );
    return pending.filter(({ delta }) => delta !== 0);
  } catch (error) {
    if (error instanceof LabNotSolved || error instanceof LabFailed) return [];
    throw new CacheUnavailable('Redis failed at what is pending.', { cause: error });
  }
}
