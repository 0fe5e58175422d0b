import { escapeHtml } from '../../base/html.ts';
import type { CheckResult } from '../../judge/result.ts';
import { byName } from './by-name.ts';
import { plainCheck } from './check-words.ts';
import { type JudgedLab, judgedLabs } from './judged-labs.ts';
import type { ClassResult, StudentResult } from './result-schema.ts';
import { bounded, safeLine, safeText } from './safe-text.ts';

/** Characters of what a lab's code printed: a class of 500 stays a file that tools can open. */
const MAX_OUTPUT_CHARS = 2000;

/**
 * `junit.xml`: a suite for each student and lab, a case for each check of the manifest, in the form of the Ant task's
 * schema, which the stricter readers ask for. A check that this host cannot judge is skipped, an infrastructure error
 * is an error; only what the student's code got wrong, or did not reach, is a failure.
 */
export function junitXml(result: ClassResult): string {
  const suites = byName(result.students).flatMap((student) =>
    judgedLabs(student, result).map((lab) => ({ student, lab })),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...suites.map(({ student, lab }, id) => suite(student, { lab, id, result })),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(
  student: StudentResult,
  { lab, id, result }: { lab: JudgedLab; id: number; result: ClassResult },
): string {
  const of = (outcome: CheckResult['outcome']) =>
    lab.checks.filter((check) => check.outcome === outcome).length;
  const facts = {
    name: `${safeLine(student.student)} ${lab.lab.id}`,
    package: `${student.slug}.${lab.lab.id}`,
    id,
    hostname: 'localhost',
    // The schema takes no time zone and no milliseconds: UTC.
    timestamp: result.startedAt.slice(0, 19),
    tests: lab.checks.length,
    failures: of('failed') + of('not reached'),
    errors: of('infrastructure error'),
    skipped: of('not gradable'),
    time: seconds(lab.checks.reduce((sum, { durationMs }) => sum + durationMs, 0)),
  };
  const properties = { points: lab.points, max_points: lab.maxPoints, seed: result.seed };
  const classname = `${student.slug}.${lab.lab.id}`;
  return [
    `<testsuite${attributes(facts)}>`,
    '<properties>',
    ...Object.entries(properties).map(([name, value]) => `<property${attributes({ name, value })}/>`),
    '</properties>',
    ...lab.checks.map((check) => testcase(check, classname)),
    `<system-out>${xml(bounded(safeText(lab.result?.output ?? '').trim(), MAX_OUTPUT_CHARS))}</system-out>`,
    '<system-err/>',
    '</testsuite>',
  ].join('\n');
}

function testcase(check: CheckResult, classname: string): string {
  const name = `${check.id} ${safeLine(check.title)}`;
  const open = `<testcase${attributes({ name, classname, time: seconds(check.durationMs) })}`;
  if (check.outcome === 'passed') return `${open}/>`;
  const tag = {
    failed: 'failure',
    'not reached': 'failure',
    'not gradable': 'skipped',
    'infrastructure error': 'error',
  } as const;
  const element = tag[check.outcome];
  const message = safeLine(check.sentence ?? check.outcome);
  const facts: Record<string, string> =
    element === 'skipped' ? { message } : { message, type: check.outcome.replace(' ', '-') };
  return `${open}><${element}${attributes(facts)}>${xml(plainCheck(check))}</${element}></testcase>`;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xml(String(value))}"`)
    .join('');
}

/** A text as XML; what XML forbids was taken out when the text was made safe. */
function xml(text: string): string {
  return escapeHtml(text).replaceAll('\t', '&#9;');
}
