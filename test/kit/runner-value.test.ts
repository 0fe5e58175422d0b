import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, encode, NotPlainData } from '../../kit/judge/runner/value.ts';

const crossed = (value: unknown) => decode(JSON.parse(JSON.stringify(encode(value))));

describe('encode() and decode()', () => {
  test('decode(encode(v)) is v for any plain data', () => {
    const plain = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withSparseArray: false,
    });
    const holds = fc.property(plain, (value) => {
      expect(crossed(value)).toEqual(value);
    });
    fc.assert(holds, { numRuns: 300 });
  });

  test.each([
    ['undefined in an object', { a: undefined }],
    ['NaN, infinities and minus zero', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]],
    ['a key named like the tag', { $: 'date', v: 1 }],
    ['an own key named __proto__', JSON.parse('{"__proto__": {"polluted": true}}')],
    ['bytes', new Uint8Array([0, 255, 10])],
    ['an invalid date', new Date(Number.NaN)],
  ])('encode() keeps %s', (_, value) => {
    expect(crossed({ value })).toEqual({ value: value instanceof Uint8Array ? Buffer.from(value) : value });
  });

  test('decode() reaches no prototype of this process', () => {
    decode(JSON.parse('{"$": "object", "v": [["__proto__", {"polluted": true}]]}'));
    decode(JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test.each([
    ['an unknown tag', { $: 'function', v: 'process.exit()' }],
    ['a callback that was not agreed', { $: 'callback', v: 1 }],
    ['a bigint of other letters', { $: 'bigint', v: '0x10' }],
    ['a malformed object', { $: 'object', v: [[1, 2]] }],
  ])('decode() refuses %s', (_, packed) => {
    expect(() => decode(packed)).toThrow(NotPlainData);
  });

  test('encode() names the place of what cannot cross', () => {
    class Client {}
    expect(() => encode({ rows: [{ client: new Client() }] })).toThrow(
      'the value returned.rows[0].client is an instance of Client',
    );
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => encode(cycle)).toThrow('holds itself');
    expect(() => encode({ a: Symbol('x') })).toThrow('is a symbol');
    expect(() => encode({ a: () => 1 })).toThrow('a function is not plain data');
  });
});
