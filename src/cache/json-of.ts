/**
 * A value as JSON, where JSON can hold it: what is read back is what was kept. A Date becomes its text, a property that is
 * undefined is left out.
 *
 * @throws TypeError that names the key and the place: nothing was sent then.
 * @example jsonOf('player:7', { coins: 5n }) // TypeError: set of player:7: JSON cannot hold a bigint (coins). ...
 */
export function jsonOf(key: string, value: unknown): string {
  const refuse = (what: string, place: string) => {
    const at = place === '' ? '' : ` (${place})`;
    return new TypeError(
      `set of ${key}: JSON cannot hold ${what}${at}. Make it text, a number or null first.`,
    );
  };
  const json = JSON.stringify(value, function (this: unknown, place: string, one: unknown) {
    const what =
      notInJson(one) ??
      (one === undefined && (place === '' || Array.isArray(this)) ? 'undefined' : undefined);
    if (what) throw refuse(what, place);
    return one;
  });
  if (json === undefined) throw refuse(typeof value, '');
  return json;
}

function notInJson(value: unknown): string | undefined {
  if (typeof value === 'bigint') return 'a bigint';
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value instanceof Map || value instanceof Set) return `a ${value.constructor.name}`;
  return undefined;
}
