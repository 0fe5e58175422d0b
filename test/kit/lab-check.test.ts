// needs: lab 01
import { describe, expect, it, vi } from 'vitest';
import type { CheckResult, LabResult } from '../../kit/judge/result.ts';
import { check } from '../../src/lab/check.ts';
import { renderResult } from '../../src/lab/check-view.ts';
import { inNotebookFor } from './support/notebook.ts';

const checks: CheckResult[] = [
  {
    id: '01.a',
    title: 'waitForMysql() answers at once',
    points: 2,
    maxPoints: 2,
    outcome: 'passed',
    durationMs: 5,
  },
  {
    id: '01.b',
    title: 'syncAllOrdersToRedis() copies every order',
    points: 0,
    maxPoints: 4,
    outcome: 'failed',
    durationMs: 80,
    sentence: 'Only the first 9,999 orders arrived: a limit loses the rest.',
    expected: '20000',
    got: '<b>9999</b>',
    line: 31,
    wire: 'you ──▶ MySQL',
  },
  {
    id: '01.c',
    title: 'crash',
    points: 0,
    maxPoints: 2,
    outcome: 'not gradable',
    durationMs: 1,
    sentence: 'No Redis to restart.',
  },
  {
    id: '01.d',
    title: 'start',
    points: 0,
    maxPoints: 2,
    outcome: 'infrastructure error',
    durationMs: 1,
    sentence: 'Redis went away.',
  },
];
const result: LabResult = {
  lab: '01-initial-sync',
  title: 'Initial sync',
  submission: 'labs',
  file: 'labs/01-initial-sync.ts',
  seed: 48213,
  servers: 'MariaDB 10.11.19 and Redis 7.0.15 (local)',
  points: 2,
  maxPoints: 10,
  checks,
  warnings: ['line 14: a string where a number belongs'],
  output: '<script>alert(1)</script>\x1b[31mred',
  durationMs: 1834,
};

describe('renderResult()', () => {
  const { text, html } = renderResult(result);

  it('says points, mistake, values and hint in both forms', () => {
    for (const form of [text, html!.replaceAll(/<[^>]+>/g, '')]) {
      for (const part of [
        '2 of 10 points',
        'a limit loses the rest',
        '20000',
        'expected',
        './lab hint 01',
        'seed 48213',
      ]) {
        expect(form).toContain(part);
      }
    }
  });

  it('names each outcome in words, not by colour alone', () => {
    for (const word of ['passed', 'failed', 'not gradable', 'infrastructure error']) {
      expect(html).toContain(`aria-label="${word}"`);
    }
    expect(text).toContain('not gradable: No Redis to restart.');
  });

  it('lets nothing of the student into the page or the terminal', () => {
    expect(html).not.toMatch(/<(script|b)>/);
    expect(html).toContain('&lt;b&gt;9999&lt;/b&gt;');
    for (const form of [text, html!]) expect(form).not.toContain('\x1b');
  });

  it('says that a lab is solved where every check passed', () => {
    const solved = renderResult({
      ...result,
      checks: [checks[0]!],
      points: 2,
      maxPoints: 2,
      warnings: [],
      output: '',
    });
    expect(solved.text).toContain('Lab 01 is solved.');
    expect(solved.html).toContain('Lab 01 is solved.');
    expect(solved.html).not.toContain('hint');
  });
});

describe('check()', () => {
  it('says why the checks could not be run, in the same display', async () => {
    vi.stubEnv('LAB_SERVERS', 'urls');
    vi.stubEnv('MYSQL_URL', '');
    const messages = await inNotebookFor(async () => {
      await expect(check('01')).rejects.toMatchObject({
        name: 'CheckFailed',
        message: expect.stringMatching(/^The checks of 01-initial-sync could not be run: .*MYSQL_URL/),
      });
    });
    vi.unstubAllEnvs();
    expect(new Set(messages.map(({ transient }) => transient.display_id)).size).toBe(1);
    expect(messages[0]!.data['text/plain']).toMatch(/^Checking 01-initial-sync/);
    expect(messages.at(-1)!.data['text/plain']).toContain('could not be run');
  });

  it('names the labs there are where it is asked for another', async () => {
    await expect(check('99')).rejects.toThrow('There is no lab "99". The labs: 01-initial-sync');
  });
});
