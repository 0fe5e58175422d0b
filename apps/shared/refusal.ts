/** Why an application does not do what was asked, and the HTTP status that says so. */
const statuses = {
  EMAIL_TAKEN: 409,
  SKU_TAKEN: 409,
  UNKNOWN_USER: 422,
  UNKNOWN_PRODUCT: 422,
  UNKNOWN_ORDER: 404,
  ORDER_TOO_LARGE: 422,
  UNKNOWN_LISTING: 404,
  UNKNOWN_RESOURCE: 422,
  UNKNOWN_RECIPE: 422,
  UNKNOWN_PLAYER: 404,
  LISTING_GONE: 409,
  OWN_LISTING: 409,
  NOT_ENOUGH_COINS: 409,
  NOT_ENOUGH_STOCK: 409,
  INVENTORY_FULL: 409,
  LEVEL_TOO_LOW: 403,
} as const;

export type RefusalCode = keyof typeof statuses;

/**
 * An application does not do what was asked, and nothing has changed. `code` says why, the message says it to a person.
 *
 * @example throw new Refusal('UNKNOWN_USER', 'There is no user 99.')
 * @example new Refusal('LISTING_GONE', 'Listing 2 is sold.').status // 409
 */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly code: RefusalCode;
  readonly status: number;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
    this.status = statuses[code];
  }
}
