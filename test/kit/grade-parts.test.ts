import { describe, expect, test } from 'vitest';
import { differingLines } from '../../kit/base/differing-lines.ts';
import { harmless } from '../../kit/base/harmless.ts';
import { rootFolder } from '../../kit/base/root.ts';
import { NotGradable } from '../../kit/judge/check-errors.ts';
import { explain, isInfrastructure, judgesOwn, shown } from '../../kit/judge/explain.ts';
import { moduleOf } from '../../kit/judge/extract-answers.ts';
import { type CheckReport, isFullMarks } from '../../kit/judge/result.ts';
import { StudentError } from '../../kit/judge/runner/student-error.ts';
import { drawFor } from '../../kit/judge/seed.ts';
import { listOf } from '../../kit/judge/shapes.ts';
import { findSubmission, shownName } from '../../kit/judge/submission.ts';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('It threw nothing.');
}

describe('moduleOf()', () => {
  test('keeps the line numbers of the Markdown', () => {
    const markdown = 'Say it:\n\n```ts\nexport const a = 1;\n```\n\nand\n\n```ts\nexport const b = 2;\n```\n';
    expect(moduleOf(markdown).split('\n')).toEqual([
      '',
      '',
      '',
      'export const a = 1;',
      '',
      '',
      '',
      '',
      '',
      'export const b = 2;',
      '',
    ]);
  });

  test('takes fences that are ts alone', () => {
    expect(moduleOf('```js\nno();\n```\n```\nno\n```\n```ts\nyes();\n```\n')).toContain('yes()');
    expect(moduleOf('```js\nno();\n```\n\n```python\nno\n```\n')).toBe('');
  });
});

describe('explain()', () => {
  test("puts the check's sentence first, then the values", () => {
    const error = (() => {
      try {
        expect([1, 'a'], 'The first is a number').toEqual([2, 'a']);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(explain(error)).toEqual({
      sentence: 'The first is a number',
      expected: "[ 2, 'a' ]",
      got: "[ 1, 'a' ]",
    });
  });

  test('says what a check cannot go on with', () => {
    const ask = () => listOf({ length: 2 }, 'What listOrderKeys() gives');
    expect(explain(thrownBy(ask))).toEqual({
      sentence:
        'What listOrderKeys() gives must be a list. Does the function do what the comment above it says?',
      expected: 'a list',
      got: '{ length: 2 }',
    });
  });

  test('says what the code did, with its line', () => {
    expect(explain(new StudentError('throw', 'Your code threw on line 3', { line: 3 }))).toEqual({
      sentence: 'Your code threw on line 3',
      line: 3,
    });
  });

  test('leaves out that nothing was expected, and shows what came', () => {
    const ask = () => expect([7], 'Redis was away, and the result was a list').toBe(undefined);
    expect(explain(thrownBy(ask))).toEqual({
      sentence: 'Redis was away, and the result was a list',
      got: '[ 7 ]',
    });
  });

  test('bounds large values', () => {
    expect(shown('x'.repeat(10_000)).length).toBeLessThan(1_400);
    expect(shown(Array.from({ length: 1_000 }, (_, i) => i))).toContain('988 more items');
  });
});

describe('isInfrastructure()', () => {
  test("tells the judge's own lost connection from the student's", () => {
    expect(isInfrastructure(Object.assign(new Error('read'), { code: 'ECONNRESET' }))).toBe(true);
    expect(
      isInfrastructure(
        new StudentError('throw', 'Your code threw: ECONNRESET', {
          error: { name: 'Error', message: 'ECONNRESET', code: 'ECONNRESET' },
        }),
      ),
    ).toBe(false);
    expect(isInfrastructure(thrownBy(() => expect(1).toBe(2)))).toBe(false);
  });

  test("takes a check's own mistake for the course's, by its kind and never by its words", () => {
    const given = undefined as unknown as string[];
    expect(isInfrastructure(thrownBy(() => given.length))).toBe(true);
    expect(isInfrastructure(new Error('expected 1 to be 2'))).toBe(true);
    const error = { name: 'TypeError', message: "Cannot read properties of undefined (reading 'length')" };
    expect(isInfrastructure(new StudentError('throw', 'Your code threw: TypeError', { error }))).toBe(false);
    expect(isInfrastructure(thrownBy(() => listOf(undefined, 'What keys() gives')))).toBe(false);
    expect(isInfrastructure(new NotGradable('Redis 7.0 has no HEXPIRE'))).toBe(false);
  });

  test('counts whatever fails in what the judge does by itself', async () => {
    const failed = await judgesOwn(Promise.reject(new Error("Cannot convert string '🚀'"))).catch(
      (error) => error,
    );
    expect(isInfrastructure(failed)).toBe(true);
    expect(failed.message).toContain("Cannot convert string '🚀'");
    expect(await judgesOwn(Promise.resolve(7))).toBe(7);
  });
});

describe('harmless()', () => {
  test('shows control characters, so that no line can be forged', () => {
    expect(harmless('ok\r\u001b[2K28 of 28 points\u0007')).toBe('ok\\x0d\\x1b[2K28 of 28 points\\x07');
    expect(harmless('two\nlines\tand a tab')).toBe('two\nlines\tand a tab');
  });
});

describe('differingLines()', () => {
  test('marks the lines of a long value that the other lacks', () => {
    const marked = differingLines("{\n  id: '1',\n  total: '2'\n}", "{\n  id: '1',\n  total: '3'\n}");
    expect(marked.filter(({ differs }) => differs).map(({ line }) => line)).toEqual(["  total: '2'"]);
  });

  test('marks nothing in short values, or where there is no other', () => {
    expect(differingLines('1', '2')).toEqual([{ line: '1', differs: false }]);
    expect(differingLines('a\nb\nc').every(({ differs }) => !differs)).toBe(true);
  });
});

describe('drawFor()', () => {
  test('depends on the seed and the check alone', () => {
    const draws = (seed: number, check: string) => Array.from({ length: 5 }, drawOf(drawFor(seed, check)));
    const drawOf = (draw: ReturnType<typeof drawFor>) => () => draw.int(1, 1_000_000);
    expect(draws(7, '01.wait.first')).toEqual(draws(7, '01.wait.first'));
    expect(draws(7, '01.wait.first')).not.toEqual(draws(8, '01.wait.first'));
    expect(draws(7, '01.wait.first')).not.toEqual(draws(7, '01.wait.retry'));
  });
});

describe('findSubmission()', () => {
  test('takes labs, a folder or a file, and says what is missing', () => {
    expect(findSubmission().name).toBe('labs');
    expect(findSubmission('test/kit', rootFolder()).name).toBe('kit');
    expect(findSubmission('test/kit/grade-parts.test.ts', rootFolder()).name).toBe('grade-parts.test');
    expect(() => findSubmission('nobody', '/')).toThrow('LABS=nobody: there is no folder or file /nobody');
  });

  test("shownName() never shows a path of the grader's machine", () => {
    expect(shownName('/somewhere/else/ada/01-initial-sync.ts', '01-initial-sync')).toBe('01-initial-sync.ts');
    expect(shownName(`${rootFolder()}/.answers/01-initial-sync.ts`, '01-initial-sync')).toBe(
      'answers/01-initial-sync.md',
    );
  });
});

describe('isFullMarks()', () => {
  const report = (...outcomes: string[]) =>
    ({
      version: 1,
      points: 0,
      maxPoints: 0,
      labs: [{ checks: outcomes.map((outcome) => ({ outcome })) }],
    }) as unknown as CheckReport;

  test('is false for anything but passed checks', () => {
    expect(isFullMarks(report('passed', 'passed'))).toBe(true);
    for (const other of ['failed', 'not gradable', 'infrastructure error']) {
      expect(isFullMarks(report('passed', other))).toBe(false);
    }
  });

  test('is false where no check ran', () => {
    expect(isFullMarks(report())).toBe(false);
    expect(isFullMarks({ version: 1, labs: [], points: 0, maxPoints: 0 })).toBe(false);
  });
});
