/** A function that crosses the boundary: the other side sees a callback with this number. */
export type Callbacks = {
  /** Numbers a function that is being sent; throws where none may be sent. */
  send(fn: (...args: unknown[]) => unknown): number;
  /** Makes the callable for a number that arrived; throws where none may arrive. */
  receive(ref: number): (...args: unknown[]) => Promise<unknown>;
};

/** A value that cannot cross, and where in it the trouble stands: `result[0].redis`. */
export class NotPlainData extends Error {
  override name = 'NotPlainData';
  code = 'NOT_PLAIN_DATA';
}

const TAG = '$';
const MAX_DEPTH = 64;
const none: Callbacks = {
  send: () => {
    throw new NotPlainData('a function is not plain data');
  },
  receive: () => {
    throw new NotPlainData('no callback was agreed here');
  },
};

/**
 * Turns a value into JSON that keeps what JSON loses: undefined, NaN, infinities, -0, bigint, Date, bytes, Map and
 * Set. Only plain data crosses: an instance of a class, a cycle or a symbol is refused by name and place.
 *
 * @throws NotPlainData
 * @example encode({ at: new Date(0), n: Number.NaN }) // { at: { $: 'date', v: 0 }, n: { $: 'number', v: 'NaN' } }
 */
export function encode(value: unknown, callbacks: Callbacks = none): unknown {
  return pack(value, callbacks, 'the value returned', 0);
}

function pack(value: unknown, callbacks: Callbacks, at: string, depth: number): unknown {
  if (depth > MAX_DEPTH)
    throw new NotPlainData(`${at} is nested more than ${MAX_DEPTH} deep, or holds itself`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (value === undefined) return { [TAG]: 'undefined' };
  if (typeof value === 'number') {
    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
    return { [TAG]: 'number', v: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (typeof value === 'bigint') return { [TAG]: 'bigint', v: String(value) };
  if (typeof value === 'function') {
    return { [TAG]: 'callback', v: callbacks.send(value as (...args: unknown[]) => unknown) };
  }
  if (typeof value === 'symbol') throw new NotPlainData(`${at} is a symbol`);
  const each = (items: unknown[]) => items.map((item, i) => pack(item, callbacks, `${at}[${i}]`, depth + 1));
  if (Array.isArray(value)) return each(Array.from(value));
  if (value instanceof Date) return { [TAG]: 'date', v: String(value.getTime()) };
  if (value instanceof Uint8Array) return { [TAG]: 'bytes', v: Buffer.from(value).toString('base64') };
  if (value instanceof Map) return { [TAG]: 'map', v: each([...value].flat()) };
  if (value instanceof Set) return { [TAG]: 'set', v: each([...value]) };
  const proto = Object.getPrototypeOf(value);
  if (proto !== null && Object.getPrototypeOf(proto) !== null) {
    throw new NotPlainData(`${at} is an instance of ${value.constructor?.name || 'a class'}, not plain data`);
  }
  const entries = Object.entries(value);
  const packed = entries.map(([key, v]) => [key, pack(v, callbacks, `${at}.${key}`, depth + 1)] as const);
  if (entries.some(([key]) => key === TAG || key === '__proto__')) return { [TAG]: 'object', v: packed };
  return Object.fromEntries(packed);
}

/**
 * The inverse of `encode`. It trusts nothing: an unknown tag or a wrong shape is refused, and only own properties
 * are read, so no prototype of this process can be reached.
 *
 * @throws NotPlainData
 * @example decode({ $: 'bigint', v: '42' }) // 42n
 */
export function decode(packed: unknown, callbacks: Callbacks = none, depth = 0): unknown {
  if (depth > MAX_DEPTH + 2) throw new NotPlainData('nested too deep');
  if (packed === null || typeof packed !== 'object') return packed;
  const inner = (item: unknown) => decode(item, callbacks, depth + 1);
  if (Array.isArray(packed)) return packed.map(inner);
  if (!Object.hasOwn(packed, TAG)) {
    return Object.fromEntries(Object.entries(packed).map(([key, v]) => [key, inner(v)]));
  }
  const { [TAG]: tag, v } = packed as { $: unknown; v: unknown };
  if (tag === 'undefined') return undefined;
  if (tag === 'number' && typeof v === 'string') return Number(v);
  if (tag === 'bigint' && typeof v === 'string' && /^-?\d{1,400}$/.test(v)) return BigInt(v);
  if (tag === 'date' && typeof v === 'string') return new Date(Number(v));
  if (tag === 'bytes' && typeof v === 'string') return Buffer.from(v, 'base64');
  if (tag === 'callback' && Number.isSafeInteger(v)) return callbacks.receive(v as number);
  if (tag === 'set' && Array.isArray(v)) return new Set(v.map(inner));
  if (tag === 'map' && Array.isArray(v)) return new Map(pairs(v.map(inner)));
  if (tag === 'object' && Array.isArray(v)) return objectOf(v, inner);
  throw new NotPlainData(`unknown tag ${JSON.stringify(tag)?.slice(0, 40)}`);
}

function* pairs(flat: unknown[]): Generator<[unknown, unknown]> {
  for (let i = 0; i + 1 < flat.length; i += 2) yield [flat[i], flat[i + 1]];
}

function objectOf(entries: unknown[], inner: (item: unknown) => unknown): object {
  const made = {};
  for (const entry of entries) {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string') throw new NotPlainData('a malformed object');
    Object.defineProperty(made, entry[0], {
      value: inner(entry[1]),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return made;
}
