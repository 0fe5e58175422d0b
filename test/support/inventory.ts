import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Draw } from '../../kit/judge/seed.ts';
import type { InventoryChange } from '../../src/contracts/write-behind.ts';

/** A player and a resource of the fixture, and how many of it the player holds. */
export interface Place {
  playerId: number;
  resourceId: number;
}

/** What a player holds of a resource, in MySQL: null where there is no row. */
export async function held(mysql: Connection, { playerId, resourceId }: Place): Promise<number | null> {
  const [[row]] = await mysql.query<RowDataPacket[]>(
    'SELECT quantity FROM inventories WHERE player_id = ? AND resource_id = ?',
    [playerId, resourceId],
  );
  return row ? row.quantity : null;
}

/** Gives a player that many of a resource, in MySQL. */
export async function give(
  mysql: Connection,
  { playerId, resourceId }: Place,
  quantity: number,
): Promise<void> {
  await mysql.query('REPLACE INTO inventories (player_id, resource_id, quantity) VALUES (?, ?, ?)', [
    playerId,
    resourceId,
    quantity,
  ]);
}

/** Which of these changes stand in `applied_writes`, in the order given. */
export async function appliedOf(mysql: Connection, changes: readonly InventoryChange[]): Promise<string[]> {
  const [rows] = await mysql.query<RowDataPacket[]>('SELECT write_id FROM applied_writes');
  const there = new Set(rows.map(({ write_id }) => write_id));
  return changes.map(({ changeId }) => changeId).filter((id) => there.has(id));
}

/** Makes changes with ids of their own, which are never in the order of their texts: `loot-81-1`, `Trade-81-2`, `craft-81-3`, ... */
export function changeMaker(draw: Draw) {
  const run = draw.int(1, 1_000_000_000);
  let made = 0;
  return ({ playerId, resourceId }: Place, delta: number): InventoryChange => ({
    changeId: `${['loot', 'Trade', 'craft'][made % 3]}-${run}-${++made}`,
    playerId,
    resourceId,
    delta,
  });
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
