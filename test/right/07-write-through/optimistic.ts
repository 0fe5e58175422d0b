// Another right way: reads the version, writes where it still stands, and asks for the version in the text by a pattern.
import type { ResultSetHeader, RowDataPacket } from 'mysql2';
import type { Profile } from '../../../src/contracts/write-through.ts';
import type { LabContext } from '../../../src/lab/context.ts';

interface Held extends RowDataPacket { version: number }

/** The version is the last thing in the text: `"version":12}`. */
const SCRIPT = `
local there = redis.call('GET', KEYS[1]) or ''
local version = string.match(there, '^{"playerId":%d+,"displayName":.*,"level":%d+,"version":(%d+)}$')
if version and tonumber(version) > tonumber(ARGV[3]) then return there end
redis.call('PSETEX', KEYS[1], ARGV[2], ARGV[1])
return ARGV[1]`;

class Profiles {
  constructor(private readonly ctx: Pick<LabContext, 'redis' | 'mysql'>, private readonly ttlMs: number) {}

  async save(playerId: number, displayName: string, level: number): Promise<Profile> {
    if (level % 1 !== 0) throw new RangeError('whole levels only');
    for (;;) {
      const [rows] = await this.ctx.mysql.query<Held[]>('SELECT version FROM players WHERE id = ?', [playerId]);
      const before = rows[0];
      if (before === undefined) throw this.nobody(playerId);
      const version = before.version + 1;
      const [{ affectedRows }] = await this.ctx.mysql.query<ResultSetHeader>(
        'UPDATE players SET display_name = ?, level = ?, version = ? WHERE id = ? AND version = ?',
        [displayName, level, version, playerId, before.version],
      );
      if (affectedRows === 0) continue;
      const profile: Profile = { playerId, displayName, level, version };
      await this.cache(profile);
      return profile;
    }
  }

  async cache(profile: Profile): Promise<void> {
    const { playerId, displayName, level, version } = profile;
    const text = JSON.stringify({ playerId, displayName, level, version });
    await this.ctx.redis
      .call('EVAL', SCRIPT, '1', `player:profile:${playerId}`, text, String(this.ttlMs), String(version))
      .catch(() => undefined);
  }

  async get(playerId: number): Promise<Profile | null> {
    const [error, text] = await this.ctx.redis.get(`player:profile:${playerId}`).then(
      (reply) => [undefined, reply] as const,
      (reason) => [reason, null] as const,
    );
    const shape = /^\{"playerId":(\d+),"displayName":".*","level":\d+,"version":\d+\}$/s;
    if (text !== null && Number(shape.exec(text)?.[1]) === playerId) return JSON.parse(text);
    const [rows] = await this.ctx.mysql.query<(RowDataPacket & Profile)[]>(
      { sql: 'SELECT id AS playerId, display_name AS displayName, level, version FROM players WHERE id = ?', values: [playerId] },
    );
    for (const row of rows) {
      if (!error) await this.cache(row);
      return { playerId: row.playerId, displayName: row.displayName, level: row.level, version: row.version };
    }
    return null;
  }

  private nobody(playerId: number): Error {
    const error = new Error(`no player has the id ${playerId}`);
    error.name = 'NoSuchPlayer';
    return error;
  }
}

export const saveProfile = (
  ctx: Pick<LabContext, 'redis' | 'mysql'>,
  { playerId, displayName, level }: Omit<Profile, 'version'>,
  { ttlMs }: { ttlMs: number },
): Promise<Profile> => new Profiles(ctx, ttlMs).save(playerId, displayName, level);

export const getProfile = (
  ctx: Pick<LabContext, 'redis' | 'mysql'>,
  playerId: number,
  { ttlMs }: { ttlMs: number },
): Promise<Profile | null> => new Profiles(ctx, ttlMs).get(playerId);
