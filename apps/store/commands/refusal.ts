/** Why the store does not do what was asked. */
export type RefusalCode =
  | 'EMAIL_TAKEN'
  | 'SKU_TAKEN'
  | 'UNKNOWN_USER'
  | 'UNKNOWN_PRODUCT'
  | 'UNKNOWN_ORDER'
  | 'ORDER_TOO_LARGE';

/**
 * The store does not do what was asked, and nothing has changed. `code` says why, the message says it to a person.
 *
 * @example throw new Refusal('UNKNOWN_USER', 'There is no user 99.')
 */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}
