import type { LabContext } from '../lab/context.ts';

/** A player's profile: what the game shows beside the name. */
export interface Profile {
  playerId: number;
  displayName: string;
  /** A whole number from 1 to 100: MySQL refuses more and less, and rounds what is not whole. */
  level: number;
  /** Grows by one with each write; the row's own, `players.version`. */
  version: number;
}

/** What lab 07 implements and the game needs: writes that go through to the cache. */
export interface WriteThrough {
  /**
   * Writes a profile to MySQL and, once that is committed, to the cache: `player:profile:7` holds the JSON of what was
   * committed, for `ttlMs`.
   *
   * Where MySQL refuses, its error comes through with its `code`, and the cache holds what it held. Where the cache
   * cannot be written, the write counts all the same: MySQL has it, and an older profile is served for `ttlMs` at most.
   * Of writes at once, in one process or in several, the cache ends with the one that MySQL holds.
   *
   * @returns the profile as committed: `{ playerId: 7, displayName: 'Gita', level: 10, version: 2 }`.
   * @throws NoSuchPlayer (by its `name`) where MySQL has no such row, and MySQL's own error.
   */
  saveProfile(
    ctx: Pick<LabContext, 'redis' | 'mysql'>,
    profile: Omit<Profile, 'version'>,
    options: { ttlMs: number },
  ): Promise<Profile>;

  /**
   * The profile: from the cache where it is there, else from MySQL, and then kept for `ttlMs`; null for no such player.
   * What it keeps never replaces a later version, and where it keeps that there is nobody, that gives way to a profile.
   * Where Redis does not answer it asks MySQL.
   */
  getProfile(
    ctx: Pick<LabContext, 'redis' | 'mysql'>,
    playerId: number,
    options: { ttlMs: number },
  ): Promise<Profile | null>;
}
