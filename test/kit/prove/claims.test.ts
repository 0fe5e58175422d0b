// needs: answers
import { describe, expect, test } from 'vitest';
import type { LabResult, Outcome } from '../../../kit/judge/result.ts';
import { fails } from '../../../kit/prove/result-claims.ts';
import { type Sentences, sentenceClaims } from '../../../kit/prove/sentences.ts';

/** What became of a solution, as far as these claims look at it. */
function resultOf(outcomes: Record<string, Outcome>): LabResult {
  const checks = Object.entries(outcomes).map(([id, outcome]) => ({
    id,
    title: id,
    points: outcome === 'passed' ? 1 : 0,
    maxPoints: 1,
    outcome,
    sentence: `said by ${id}`,
    durationMs: 1,
  }));
  return { checks, warnings: [] as string[] } as LabResult;
}

describe('fails()', () => {
  const claim = (outcomes: Record<string, Outcome>) => fails('slow', '99.ping.a', resultOf(outcomes));

  test('holds where the check failed, and names the others', () => {
    expect(claim({ '99.ping.a': 'failed', '99.ping.b': 'failed' })).toEqual({
      name: 'slow fails 99.ping.a',
      holds: true,
      detail: 'also 99.ping.b',
    });
  });

  test('says what to do where the check passed, or is none', () => {
    const passed = claim({ '99.ping.a': 'passed', '99.ping.b': 'failed' });
    expect(passed.holds).toBe(false);
    expect(passed.detail).toContain('99.ping.a passed: sharpen it, or name in "fails"');
    expect(passed.detail).toContain('99.ping.b (failed): said by 99.ping.b');
    expect(claim({ '99.ping.b': 'passed' }).detail).toBe(
      '99.ping.a is no check of this lab: name another one in its "fails".',
    );
  });

  test('does not hold where another check stumbled, and says over what', () => {
    const { holds, detail } = claim({ '99.ping.a': 'failed', '99.ping.b': 'infrastructure error' });
    expect(holds).toBe(false);
    expect(detail).toContain('99.ping.b (infrastructure error): said by 99.ping.b');
  });
});

describe('sentenceClaims()', () => {
  const sentences: Sentences = [{ says: 'It asks.', checks: ['99.ping.a'], broken: ['silent'] }];
  const wrong = new Map([['silent', resultOf({ '99.ping.a': 'failed' })]]);
  const proof = { lab: '99-ping', sentences, checks: ['99.ping.a'], wrong };

  test('hold where a kept solution breaks the sentence and its check sees it', () => {
    const claims = sentenceClaims({ ...proof, kept: new Set(['silent']) });
    expect(claims.map(({ holds }) => holds)).toEqual([true, true]);
  });

  test('name a solution that nobody keeps, unless a run took only some', () => {
    const [claim] = sentenceClaims({ ...proof, wrong: new Map(), kept: new Set(['other']) });
    expect(claim?.holds).toBe(false);
    expect(claim?.detail).toContain('silent is no wrong solution of test/wrong/99-ping.ts');
    expect(sentenceClaims({ ...proof, wrong: new Map() })[0]?.holds).toBe(true);
  });
});
