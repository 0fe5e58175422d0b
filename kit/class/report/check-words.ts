import { countOf } from '../../base/count-of.ts';
import type { CheckResult, Outcome } from '../../judge/result.ts';
import { safeText } from './safe-text.ts';

/** Sign and word of each outcome; reports never tell them apart by colour alone. */
export const signs: Record<Outcome, { sign: string; word: string }> = {
  passed: { sign: '✓', word: 'passed' },
  failed: { sign: '✗', word: 'failed' },
  'not reached': { sign: '○', word: 'not reached' },
  'not gradable': { sign: '–', word: 'not gradable' },
  'infrastructure error': { sign: '!', word: 'infrastructure error' },
};

/** What is said of points that could not be judged. */
export const openSentence = (open: number): string =>
  `${countOf(open, 'point')} could not be judged: neither earned nor lost.`;

/**
 * The line to say beside a check's sentence, unless the sentence names it.
 *
 * @example lineBeside({ sentence: 'It threw.', line: 12 }) // 12
 */
export function lineBeside({
  sentence = '',
  line,
}: Pick<CheckResult, 'sentence' | 'line'>): number | undefined {
  return line === undefined || new RegExp(`\\bline ${line}\\b`, 'i').test(sentence) ? undefined : line;
}

/**
 * What happened in a check, as lines of plain text: the outcome where it is none of the student's, the sentence, the
 * values, the line, and the wire view. For formats without markup of their own.
 */
export function plainCheck(check: CheckResult, { wire = true }: { wire?: boolean } = {}): string {
  const { outcome, expected, got, maxPoints } = check;
  const line = lineBeside(check);
  if (outcome === 'passed') return '';
  const sentence = safeText(check.sentence ?? '');
  if (outcome === 'not reached') return `${signs[outcome].word}: ${sentence}`;
  if (outcome !== 'failed') return `${signs[outcome].word}: ${sentence}\n${openSentence(maxPoints)}`;
  return [
    sentence,
    ...(line ? [`line ${line}`] : []),
    ...(expected === undefined ? [] : [`expected ${safeText(expected)}`]),
    ...(got === undefined ? [] : [`got      ${safeText(got)}`]),
    ...(wire && check.wire ? [safeText(check.wire)] : []),
  ].join('\n');
}
