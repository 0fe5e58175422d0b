import type { Pool, RowDataPacket } from 'mysql2/promise';
import { inTransaction } from '../../shared/in-transaction.ts';
import { Refusal } from '../../shared/refusal.ts';
import { giveGoods, lockPlayers, takeGoods } from './holdings.ts';
import { noteChange, type OutboxNote } from './outbox.ts';

/** What was crafted. */
export interface Crafted {
  resourceId: number;
  quantity: number;
  note: OutboxNote;
}

/**
 * Turns the ingredients of a recipe into what it makes, `times` over, or does nothing.
 *
 * @throws Refusal UNKNOWN_RECIPE, LEVEL_TOO_LOW, NOT_ENOUGH_STOCK, INVENTORY_FULL: nothing changed
 * @example await craft(mysql, { playerId: 7, recipeId: 1, times: 2 }) // { resourceId: 7, quantity: 2, ... }
 */
export function craft(
  mysql: Pool,
  { playerId, recipeId, times }: { playerId: number; recipeId: number; times: number },
): Promise<Crafted> {
  return inTransaction(mysql, async (connection) => {
    // Before anything is read: what this transaction then sees is as new as the lock.
    const { level } = (await lockPlayers(connection, [playerId])).get(playerId)!;
    const [[recipe]] = await connection.query<RowDataPacket[]>(
      'SELECT resource_id, quantity, level FROM recipes WHERE id = ?',
      [recipeId],
    );
    if (!recipe) throw new Refusal('UNKNOWN_RECIPE', `There is no recipe ${recipeId}.`);
    if (level < recipe.level)
      throw new Refusal('LEVEL_TOO_LOW', `That takes level ${recipe.level}, and you have ${level}.`);
    const [ingredients] = await connection.query<RowDataPacket[]>(
      'SELECT resource_id, quantity FROM recipe_ingredients WHERE recipe_id = ? ORDER BY resource_id',
      [recipeId],
    );
    for (const { resource_id: resourceId, quantity } of ingredients)
      await takeGoods(connection, playerId, { resourceId, quantity: quantity * times });
    const made = { resourceId: Number(recipe.resource_id), quantity: recipe.quantity * times };
    await giveGoods(connection, playerId, made);
    return { ...made, note: await noteChange(connection, { kind: 'stock', playerId }) };
  });
}
