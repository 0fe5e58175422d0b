/** Why the game does not do what was asked. */
export type GameRefusalCode =
  | 'UNKNOWN_LISTING'
  | 'LISTING_GONE'
  | 'OWN_LISTING'
  | 'NOT_ENOUGH_COINS'
  | 'NOT_ENOUGH_STOCK'
  | 'INVENTORY_FULL'
  | 'UNKNOWN_RESOURCE'
  | 'UNKNOWN_RECIPE'
  | 'LEVEL_TOO_LOW'
  | 'UNKNOWN_PLAYER';

/**
 * The game does not do what was asked, and nothing has changed.
 *
 * @example throw new GameRefusal('LISTING_GONE', 'Listing 2 is sold.')
 */
export class GameRefusal extends Error {
  override name = 'GameRefusal';
  readonly code: GameRefusalCode;

  constructor(code: GameRefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}
