import { countOf } from '../../base/count-of.ts';
import { type CheckResult, isOpen } from '../../judge/result.ts';
import { openSentence, plainCheck } from './check-words.ts';
import { judgedLabs } from './judged-labs.ts';
import type { ClassResult, StudentResult } from './result-schema.ts';
import { WRITTEN_MAX } from './rubric.ts';
import { bounded, safeLine, safeText } from './safe-text.ts';
import { gradedInWriting, scoreOf } from './score.ts';

/** Characters of a check's text, and of what the code printed. */
const MAX_TEXT_CHARS = 8000;

/** One entry of `tests`. */
export interface GradescopeTest {
  number: string;
  name: string;
  score: number;
  max_score: number;
  status: 'passed' | 'failed';
  output: string;
  output_format: 'text';
  visibility: 'visible';
  tags: string[];
  extra_data: { id: string; outcome: string };
}

/** Gradescope's `results.json`. */
export interface GradescopeResults {
  score: number;
  output: string;
  output_format: 'text';
  test_output_format: 'text';
  test_name_format: 'text';
  visibility: 'visible';
  stdout_visibility: 'hidden';
  extra_data: Record<string, string | number>;
  tests: GradescopeTest[];
}

/**
 * A student's result in the form of Gradescope's `results.json`. Every test is visible, since one hidden test hides
 * the student's total; every text is plain, so that nothing of a student's is read as markup. Gradescope knows only
 * passed and failed: a check that could not be judged says so in its name, its tag and its text.
 */
export function gradescopeResults(student: StudentResult, result: ClassResult): GradescopeResults {
  const score = scoreOf(student, result);
  const graded = gradedInWriting(result);
  const tests = judgedLabs(student, result).flatMap(({ checks, number, lab }) => [
    ...checks.map((check, i) => testOf(check, `${number}.${i + 1}`)),
    ...(graded.includes(lab.id)
      ? [writtenTest(student, { lab: lab.id, title: lab.title, number: `${number}.${checks.length + 1}` })]
      : []),
  ]);
  return {
    score: score.total,
    output: overall(student, { open: score.open, result }),
    output_format: 'text',
    test_output_format: 'text',
    test_name_format: 'text',
    visibility: 'visible',
    stdout_visibility: 'hidden',
    extra_data: { seed: result.seed, max_score: score.max, not_judged: score.open },
    tests,
  };
}

function testOf(check: CheckResult, number: string): GradescopeTest {
  const { id, outcome, points, maxPoints } = check;
  return {
    number,
    name: `${safeLine(check.title)}${isOpen(outcome) ? ' (not judged: no points lost)' : outcome === 'not reached' ? ' (not reached)' : ''}`,
    score: points,
    max_score: maxPoints,
    status: outcome === 'passed' ? 'passed' : 'failed',
    output: bounded(plainCheck(check), MAX_TEXT_CHARS),
    output_format: 'text',
    visibility: 'visible',
    tags: [outcome.replace(' ', '-')],
    extra_data: { id, outcome },
  };
}

function writtenTest(
  { written }: StudentResult,
  { lab, title, number }: { lab: string; title: string; number: string },
): GradescopeTest {
  const answer = written.find((one) => one.lab === lab);
  const score = answer?.points ?? 0;
  return {
    number,
    name: `Written answer: ${safeLine(title)}`,
    score,
    max_score: WRITTEN_MAX,
    status: score === WRITTEN_MAX ? 'passed' : 'failed',
    output: bounded((answer?.remarks ?? []).map(safeText).join('\n'), MAX_TEXT_CHARS),
    output_format: 'text',
    visibility: 'visible',
    tags: ['written'],
    extra_data: { id: `written.${lab}`, outcome: answer?.points === undefined ? 'not given' : 'given' },
  };
}

function overall(student: StudentResult, { open, result }: { open: number; result: ClassResult }): string {
  const printed = judgedLabs(student, result).flatMap(({ number, result: lab }) =>
    lab?.output.trim()
      ? [`Lab ${number}, your code printed:\n${bounded(safeText(lab.output.trim()), MAX_TEXT_CHARS)}`]
      : [],
  );
  const warnings = student.labs.flatMap((lab) => lab.warnings.map(safeText));
  return [
    ...(open > 0 ? [openSentence(open)] : []),
    ...student.notes.map(safeText),
    ...(warnings.length > 0
      ? [`${countOf(warnings.length, 'warning')} (no points):\n${warnings.join('\n')}`]
      : []),
    ...printed,
  ].join('\n\n');
}
