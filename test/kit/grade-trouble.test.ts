import { describe, expect, test } from 'vitest';
import { CheckFailed } from '../../kit/judge/check-errors.ts';
import { InfrastructureError } from '../../kit/judge/explain.ts';
import { leftInServer } from '../../kit/judge/left-in-server.ts';
import { StudentError } from '../../kit/judge/runner/student-error.ts';
import { fieldOf, listOf, numberOf, recordOf, recordsOf, textsOf } from '../../kit/judge/shapes.ts';
import { sentenceOfTrouble } from '../../kit/judge/stumbled.ts';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('It threw nothing.');
}

describe('sentenceOfTrouble()', () => {
  test('names the check that stumbled, the line, and whose mistake it is', () => {
    const error = thrownBy(() => (undefined as unknown as string[]).length);
    expect(sentenceOfTrouble(error, '02.list.exact')).toMatch(
      /^Check 02\.list\.exact has an error of its own: TypeError: Cannot read properties of undefined \(reading 'length'\) \(test\/kit\/grade-trouble\.test\.ts:\d+\)\. This is the course's mistake, not yours/,
    );
    expect(sentenceOfTrouble('a text', '02.list.exact')).toContain(
      '02.list.exact has an error of its own: a text.',
    );
  });

  test('names a server that failed, and what the judge says of itself as it is', () => {
    const lost = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    expect(sentenceOfTrouble(lost, '02.list.exact')).toBe(
      "A server of the judge's own failed: read ECONNRESET",
    );
    const told = new InfrastructureError('The last check left Redis busy');
    expect(sentenceOfTrouble(told, '02.list.exact')).toBe('The last check left Redis busy');
  });
});

describe('leftInServer()', () => {
  const replied = (message: string) =>
    Object.assign(new Error(message), {
      name: 'ReplyError',
      command: { name: 'hgetall', args: ['order:1'] },
    });

  test("tells what a student's code left in the way of a command, by the server's code", () => {
    expect(leftInServer(replied('WRONGTYPE Operation against a key'))?.message).toBe(
      "The check asked Redis for HGETALL 'order:1' and Redis answered WRONGTYPE: your code stored another type of value under this key. Which type does the comment above the function name?",
    );
    expect(leftInServer(replied('OOM command not allowed'))?.message).toContain('OOM command not allowed');
    const twice = Object.assign(new Error("Duplicate entry '7'"), { errno: 1062, sqlState: '23000' });
    expect(leftInServer(twice)?.message).toContain("Duplicate entry '7'");
  });

  test("leaves a mistake in a command the check's, and a student's words the student's", () => {
    expect(leftInServer(replied("ERR unknown command 'HGETALLL'"))).toBe(undefined);
    const syntax = Object.assign(new Error('You have an error'), { errno: 1064, sqlState: '42000' });
    expect(leftInServer(syntax)).toBe(undefined);
    const error = { name: 'ReplyError', message: 'WRONGTYPE Operation against a key' };
    expect(leftInServer(new StudentError('throw', 'Your code threw', { error }))).toBe(undefined);
  });
});

describe('listOf() and the others that state a shape', () => {
  test('give back what has the shape', () => {
    const [list, texts, records, record] = [[1, null], ['a', ''], [{ id: 1 }, {}], { id: null }];
    expect(listOf(list, 'It')).toBe(list);
    expect(textsOf(texts, 'It')).toBe(texts);
    expect(recordsOf(records, 'It')).toBe(records);
    expect(recordOf(record, 'It')).toBe(record);
    expect(numberOf(7, 'It')).toBe(7);
  });

  test('fail the check for anything else', () => {
    const refused: [ask: (value: unknown, what: string) => unknown, values: unknown[]][] = [
      [listOf, [undefined, null, 0, 'text', { length: 1 }, new Map()]],
      [textsOf, [undefined, [1], ['a', null]]],
      [recordsOf, [{}, [null], [[]], [undefined]]],
      [recordOf, [null, [], 'text', 7n]],
      [numberOf, [undefined, '7', 7n, { valueOf: null }]],
    ];
    for (const [ask, values] of refused)
      for (const value of values) expect(thrownBy(() => ask(value, 'It'))).toBeInstanceOf(CheckFailed);
  });

  test('fieldOf() takes own fields of objects alone, and never throws', () => {
    const others = [undefined, null, 0, 'text', 7n, [1], new Map()];
    expect(others.map((one) => fieldOf(one, 'length'))).toEqual(others.map(() => undefined));
    expect(fieldOf({}, 'toString')).toBe(undefined);
    expect(fieldOf({ toString: null }, 'toString')).toBe(null);
  });
});
