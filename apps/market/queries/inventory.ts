import type { Pool, RowDataPacket } from 'mysql2/promise';
import type { CraftableRecipe, InventoryItem } from '../../../src/cache/game-values.ts';

/** What a player holds, by the resource's id; what is used up is left out. */
export async function loadInventory(mysql: Pool, playerId: number): Promise<InventoryItem[]> {
  const [rows] = await mysql.query<RowDataPacket[]>(
    `SELECT resource_id AS resourceId, name, quantity FROM inventories JOIN resources ON resources.id = resource_id
     WHERE player_id = ? AND quantity > 0 ORDER BY resource_id`,
    [playerId],
  );
  return rows as InventoryItem[];
}

/** The recipes of a profession that the player has the level and, once at least, the ingredients for. */
export async function loadCraftableRecipes(
  mysql: Pool,
  { playerId, professionId }: { playerId: number; professionId: number },
): Promise<CraftableRecipe[]> {
  const [rows] = await mysql.query<RowDataPacket[]>(
    `SELECT recipes.id, profession_id AS professionId, recipes.resource_id AS resourceId, recipes.quantity, recipes.level,
       needed.resource_id AS ingredient, needed.quantity AS takes, COALESCE(held.quantity, 0) AS has
     FROM recipes JOIN players ON players.id = ? AND players.level >= recipes.level
     LEFT JOIN recipe_ingredients needed ON needed.recipe_id = recipes.id
     LEFT JOIN inventories held ON held.player_id = players.id AND held.resource_id = needed.resource_id
     WHERE profession_id = ? ORDER BY recipes.id, ingredient`,
    [playerId, professionId],
  );
  const recipes = new Map<number, CraftableRecipe & { lacks: boolean }>();
  for (const { ingredient, takes, has, ...recipe } of rows) {
    const known = recipes.get(recipe.id) ?? { ...(recipe as CraftableRecipe), ingredients: [], lacks: false };
    recipes.set(recipe.id, known);
    if (ingredient === null) continue;
    known.ingredients.push({ resourceId: ingredient, quantity: takes });
    known.lacks ||= has < takes;
  }
  return [...recipes.values()].filter(({ lacks }) => !lacks).map(({ lacks: _, ...recipe }) => recipe);
}
