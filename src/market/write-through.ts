import type { LabContext } from '../lab/context.ts';

/** A player's profile: what the game shows beside the name. */
export interface Profile {
  playerId: number;
  displayName: string;
  /** From 1 to 100: MySQL refuses anything else. */
  level: number;
  /** Grows by one with each write; the row's own. */
  version: number;
}

/** What lab 07 implements and the game needs: writes that go through to the cache. */
export interface WriteThrough {
  /**
   * Writes to MySQL, and after its commit to `player:profile:<id>` (JSON, for `ttlMs`).
   *
   * Where MySQL refuses (no such player, a level out of range, a name that is taken), its error is passed on and the
   * cache holds what it held. Where the cache cannot be written, the write counts all the same: MySQL has it; nothing
   * that is older than the commit may then be served for longer than `ttlMs`. Of two writes at once, the cache ends
   * with the one that MySQL holds.
   *
   * @returns the profile as committed.
   */
  saveProfile(
    ctx: Pick<LabContext, 'redis' | 'mysql'>,
    profile: Omit<Profile, 'version'>,
    options: { ttlMs: number },
  ): Promise<Profile>;

  /** The profile, from the cache where it is there, else from MySQL, and then kept; null for no such player. */
  getProfile(
    ctx: Pick<LabContext, 'redis' | 'mysql'>,
    playerId: number,
    options: { ttlMs: number },
  ): Promise<Profile | null>;
}
