import type { PoolConnection, RowDataPacket } from 'mysql2/promise';
import { Refusal } from '../../shared/refusal.ts';

/** INT UNSIGNED: the most of a resource that a row of `inventories` can hold. */
const mostOfAResource = 4_294_967_295;

/** A player whose row is locked until the transaction ends. */
export interface LockedPlayer {
  id: number;
  login: string;
  coins: number;
  level: number;
}

/**
 * Locks players, the lowest id first, so that two who buy from one another at once cannot wait for each other. Every
 * command locks its players before it touches an inventory: the inventory of a locked player is nobody else's.
 *
 * @throws Refusal UNKNOWN_PLAYER
 */
export async function lockPlayers(
  connection: PoolConnection,
  ids: readonly number[],
): Promise<Map<number, LockedPlayer>> {
  const locked = new Map<number, LockedPlayer>();
  for (const id of [...new Set(ids)].sort((a, b) => a - b)) {
    const [[row]] = await connection.query<RowDataPacket[]>(
      'SELECT id, login, coins, level FROM players WHERE id = ? FOR UPDATE',
      [id],
    );
    if (!row) throw new Refusal('UNKNOWN_PLAYER', `There is no player ${id} any more.`);
    locked.set(id, { id, login: row.login, coins: Number(row.coins), level: Number(row.level) });
  }
  return locked;
}

/** What a locked player holds of a resource. */
async function held(connection: PoolConnection, player: number, resource: number): Promise<number> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    'SELECT quantity FROM inventories WHERE player_id = ? AND resource_id = ? FOR UPDATE',
    [player, resource],
  );
  return Number(row?.quantity ?? 0);
}

/** What changes hands. */
export interface Goods {
  resourceId: number;
  quantity: number;
}

/** @throws Refusal NOT_ENOUGH_STOCK */
export async function takeGoods(connection: PoolConnection, player: number, goods: Goods): Promise<void> {
  const { resourceId, quantity } = goods;
  const has = await held(connection, player, resourceId);
  if (has < quantity)
    throw new Refusal(
      'NOT_ENOUGH_STOCK',
      `That takes ${quantity} of resource ${resourceId}, and you hold ${has}.`,
    );
  await connection.query(
    'UPDATE inventories SET quantity = quantity - ? WHERE player_id = ? AND resource_id = ?',
    [quantity, player, resourceId],
  );
}

/** @throws Refusal INVENTORY_FULL */
export async function giveGoods(connection: PoolConnection, player: number, goods: Goods): Promise<void> {
  const { resourceId, quantity } = goods;
  const has = await held(connection, player, resourceId);
  if (has + quantity > mostOfAResource)
    throw new Refusal(
      'INVENTORY_FULL',
      `You hold ${has} of resource ${resourceId}: ${quantity} more do not fit.`,
    );
  await connection.query(
    'INSERT INTO inventories (player_id, resource_id, quantity) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE quantity = quantity + ?',
    [player, resourceId, quantity, quantity],
  );
}
