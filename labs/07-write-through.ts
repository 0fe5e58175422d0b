/**
 * Lab 07: writing through the cache. Fill in the two functions, then run `./lab check 07`.
 *
 * A player's profile stands in MySQL, in a row of `players`:
 *
 *     id 7   display_name 'Gita'   level 9   version 1        (and columns that are none of your business)
 *
 * and in Redis, as a text under `player:profile:7`:
 *
 *     {"playerId":7,"displayName":"Gita","level":9,"version":1}
 *
 * MySQL decides. A level is from 1 to 100 (a CHECK), and no two players have one name (UNIQUE). What it refuses must
 * never be seen in the cache, not for a moment. `version` grows by one with each write of the row, so that of two
 * profiles everybody can tell which is the later.
 *
 * Other processes run your functions at the same moment.
 */
import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import type { Profile, WriteThrough } from '../src/market/write-through.ts';

/**
 * Writes a profile to MySQL and, once that is committed, to `player:profile:<id>`, where it expires after `ttlMs`.
 * Resolves to the profile as committed, with its new version.
 *
 * - MySQL refuses: its error is thrown as it came (`code`: ER_DUP_ENTRY, ...), and the cache holds what it held. No row
 *   with this id: an Error whose `name` is 'NoSuchPlayer'.
 * - Redis does not answer, or refuses: the write counts, and nothing is thrown. An older profile that is still in the
 *   cache must end by itself, after `ttlMs` at most.
 * - Two writes at once: both count, each has a version of its own, and the cache ends with the later one.
 * - A process killed at any moment leaves nothing in Redis that MySQL does not hold, and nothing that never expires.
 *
 * At most 7 round trips, MySQL and Redis together. It can be 2.
 */
export async function saveProfile(
  { redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
  { playerId, displayName, level }: Omit<Profile, 'version'>,
  { ttlMs }: { ttlMs: number },
): Promise<Profile> {
  throw new Error('TODO: write saveProfile in labs/07-write-through.ts');
}

/**
 * The profile of a player, or null where there is no such player.
 *
 * - It is in the cache: one round trip, no query, and it expires when it would have expired.
 * - It is not, or what stands there is no profile: from MySQL, and then kept for `ttlMs`. But while you were reading,
 *   somebody may have written: a later version that is in the cache by then must stay.
 * - There is no such player: null. If you keep that, it expires too, and gives way to a profile.
 * - Redis does not answer: from MySQL.
 */
export async function getProfile(
  { redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
  playerId: number,
  { ttlMs }: { ttlMs: number },
): Promise<Profile | null> {
  throw new Error('TODO: write getProfile in labs/07-write-through.ts');
}

/** The story that `./lab 07` plays in the terminal, on the live servers. */
export const steps: Step<WriteThrough>[] = [];
