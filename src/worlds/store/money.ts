/**
 * Cents of an amount as MySQL prints it. Money is counted in integers: `0.1 + 0.2` is not `0.3` as a float.
 *
 * @throws Error where the text is not a decimal of at most two places, or too large to count exactly.
 * @example toCents('1999.99') // 199999
 */
export function toCents(amount: string): number {
  const [, sign, whole, part = ''] = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(amount) ?? [];
  const cents = Number(`${whole}${part.padEnd(2, '0')}`);
  if (whole === undefined || !Number.isSafeInteger(cents))
    throw new Error(`"${amount}" is not an amount of money.`);
  return sign === '-' && cents !== 0 ? -cents : cents;
}

/**
 * An amount with two places from integer cents, as MySQL prints a DECIMAL.
 *
 * @example fromCents(30) // '0.30'
 */
export function fromCents(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
