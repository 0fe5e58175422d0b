import { toCents } from '../../../src/worlds/store/money.ts';

/**
 * An amount as a person reads it, exact.
 *
 * @example money('200000209.46') // '200,000,209.46'
 */
export function money(amount: string): string {
  const [whole = '', cents = '00'] = amount.split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`;
}

/** A moment, in UTC as the store keeps it. @example moment(new Date(0)) // '1970-01-01 00:00' */
export function moment(date: Date): string {
  return date.toISOString().slice(0, 16).replace('T', ' ');
}

/** @example count(2, 'item') // '2 items' */
export function count(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}

/** An amount for a bar's length only; where a sum has grown beyond exact cents, its float does. */
export function length(amount: string): number {
  try {
    return toCents(amount);
  } catch {
    return Number(amount) * 100;
  }
}
