import type { Pool, RowDataPacket } from 'mysql2/promise';
import type { Condition, Environment } from '../../../src/cache/game-values.ts';

/**
 * The active weather and the season of the month of `now`, UTC.
 *
 * @example (await loadEnvironment(mysql, Date.UTC(2026, 0, 15))).season // { id: 4, name: 'Winter', ... }
 */
export async function loadEnvironment(mysql: Pool, now: number): Promise<Environment> {
  const moment = new Date(now);
  const [[[weather]], [[season]]] = await Promise.all([
    mysql.query<RowDataPacket[]>('SELECT * FROM weathers WHERE is_active ORDER BY id LIMIT 1'),
    mysql.query<RowDataPacket[]>('SELECT * FROM seasons WHERE MOD(? + 12 - first_month, 12) < 3', [
      moment.getUTCMonth() + 1,
    ]),
  ]);
  return {
    weather: weather ? conditionOf(weather) : null,
    season: season ? conditionOf(season) : null,
    timestamp: moment.toISOString(),
  };
}

const conditionOf = (row: RowDataPacket): Condition => ({
  id: row.id,
  name: row.name,
  gatheringMultiplier: Number(row.gathering_multiplier),
  craftingMultiplier: Number(row.crafting_multiplier),
});
