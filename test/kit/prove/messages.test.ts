import { describe, expect, test } from 'vitest';
import { faultOfMessage } from '../../../kit/prove/messages.ts';

describe('faultOfMessage()', () => {
  test('takes a sentence of the course, with or without values', () => {
    expect(faultOfMessage({ sentence: 'MySQL was up: one attempt', expected: '1', got: '2' })).toBe(
      undefined,
    );
    expect(faultOfMessage({ sentence: 'Your code threw on line 3: Error: no' })).toBe(undefined);
  });

  test.each([
    [{}, 'it says nothing'],
    [{ sentence: 'expected 1 to be 2 // Object.is equality' }, 'the words of the assertion'],
    [
      { sentence: 'the given combination of arguments: expected undefined to be 2' },
      'the words of the assertion',
    ],
    [{ sentence: 'It was one', expected: '5', got: '5' }, 'it expects 5 and got the same'],
  ])('finds %o', (check, fault) => {
    expect(faultOfMessage(check)).toContain(fault);
  });
});
