import type { CheckResult } from '../../judge/result.ts';
import { plainCheck } from './check-words.ts';
import { judgedLabs } from './judged-labs.ts';
import type { ClassResult, StudentResult } from './result-schema.ts';
import { bounded, safeLine, safeText } from './safe-text.ts';
import { gradedInWriting, scoreOf } from './score.ts';

/** Characters of a message: all of them are printed to the log of one step. */
const MAX_TEXT_CHARS = 2000;

/** One entry of `tests`. */
export interface ClassroomTest {
  name: string;
  status: 'pass' | 'fail' | 'error';
  /** Always a number: the reporter adds them up, and one that is missing makes the sum NaN. */
  score: number;
  message: string;
  test_code: string;
  filename: string;
  /** 0 hides the line. */
  line_no: number;
}

/** What a grading step of GitHub Classroom hands to its reporter. */
export interface ClassroomResult {
  version: 1;
  status: 'pass' | 'fail' | 'error';
  max_score: number;
  tests: ClassroomTest[];
}

const statuses = {
  passed: 'pass',
  failed: 'fail',
  'not reached': 'fail',
  'not gradable': 'error',
  'infrastructure error': 'error',
} as const;

/** A student's result in the form that GitHub Classroom's reporter reads. The sum of the scores is the total. */
export function classroomResult(student: StudentResult, result: ClassResult): ClassroomResult {
  const graded = gradedInWriting(result);
  const tests = judgedLabs(student, result).flatMap(({ checks, lab }) => [
    ...checks.map((check) => testOf(check, lab.id)),
    ...(graded.includes(lab.id) ? [writtenTest(student, lab.id)] : []),
  ]);
  const has = (status: ClassroomTest['status']) => tests.some((test) => test.status === status);
  return {
    version: 1,
    status: has('fail') ? 'fail' : has('error') ? 'error' : 'pass',
    max_score: scoreOf(student, result).max,
    tests,
  };
}

function testOf(check: CheckResult, lab: string): ClassroomTest {
  return {
    name: quiet(safeLine(check.title)),
    status: statuses[check.outcome],
    score: check.points,
    message: quiet(bounded(plainCheck(check), MAX_TEXT_CHARS)),
    test_code: check.id,
    filename: `labs/${lab}.ts`,
    line_no: check.line ?? 0,
  };
}

function writtenTest({ written }: StudentResult, lab: string): ClassroomTest {
  const answer = written.find((one) => one.lab === lab);
  return {
    name: `Written answer ${lab}`,
    status: answer?.points === undefined || answer.points === 0 ? 'fail' : 'pass',
    score: answer?.points ?? 0,
    message: quiet(bounded((answer?.remarks ?? []).map(safeText).join('\n'), MAX_TEXT_CHARS)),
    test_code: `written.${lab}`,
    filename: `answers/${lab}.md`,
    line_no: 0,
  };
}

/**
 * Text that a log prints without obeying it: a runner takes a line that begins with `::`, after any blanks, and
 * `##[...]` anywhere in a line, for a command such as a notice with points.
 */
const quiet = (text: string): string =>
  text.replaceAll('##[', '## [').replaceAll(/^(\s*)::/gm, (_, blanks: string) => `${blanks}: :`);

/**
 * The result as the value of a step's output `result`, or of `<RUNNER ID IN CAPITALS>_RESULTS`: base64 of its JSON.
 *
 * @example stepOutput(classroomResult(zoe, result)) // 'eyJ2ZXJzaW9uIjoxLCJz...'
 */
export function stepOutput(classroom: ClassroomResult): string {
  return Buffer.from(JSON.stringify(classroom), 'utf8').toString('base64');
}
