import pc from 'picocolors';
import { catalog } from '../catalog.ts';
import { type CheckResult, type LabResult, unjudgedPoints } from './result.ts';

const marks = {
  passed: pc.green('✓'),
  failed: pc.red('✗'),
  'not gradable': pc.yellow('–'),
  'infrastructure error': pc.yellow('!'),
} as const;

const indent = (text: string, by: string): string => text.split('\n').join(`\n${by}`);

/** Control characters of what students print could move the cursor and forge a line: they become visible. */
export function harmless(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** One check as lines of text: its mark, points and title; where it failed, the likely mistake and the values. */
export function checkLines(check: CheckResult): string {
  const points = pc.dim(`${check.points}/${check.maxPoints}`);
  const lines = [`  ${marks[check.outcome]} ${points}  ${check.title}`];
  if (check.outcome === 'passed') return lines[0]!;
  if (check.outcome !== 'failed')
    lines.push(`        ${pc.yellow(check.outcome)}: ${harmless(check.sentence ?? '')}`);
  else {
    lines.push(`        ${indent(harmless(check.sentence ?? ''), '        ')}`);
    if (check.expected !== undefined)
      lines.push(`        expected  ${indent(harmless(check.expected), '                  ')}`);
    if (check.got !== undefined)
      lines.push(`        got       ${indent(harmless(check.got), '                  ')}`);
    if (check.wire) lines.push(`        ${indent(harmless(check.wire), '        ')}`);
  }
  return lines.join('\n');
}

/** The end of a lab's report: points, what to do next, and what the code printed. */
export function summaryLines(result: LabResult): string {
  const full = result.checks.length > 0 && result.checks.every(({ outcome }) => outcome === 'passed');
  const number = result.lab.slice(0, 2);
  const hints = catalog.find(({ id }) => id === result.lab)?.hints.length ?? 0;
  const lines: string[] = [];
  for (const warning of result.warnings) lines.push(`  ${pc.yellow('!')} ${harmless(warning)}`);
  if (result.output.trim()) {
    const printed = harmless(result.output.trimEnd()).split('\n');
    const few = printed.slice(0, 20).map((line) => `    │ ${line}`);
    lines.push(pc.dim('  your code printed:'), ...few);
    if (printed.length > 20) lines.push(pc.dim(`    │ … ${printed.length - 20} more lines`));
  }
  lines.push(
    `  ${pc.bold(`${result.points} of ${result.maxPoints} points`)}  ${pc.dim(`${result.servers}, seed ${result.seed}`)}`,
  );
  const open = unjudgedPoints(result);
  if (open > 0)
    lines.push(`  ${pc.yellow(`${open} points could not be judged`)} and are no zero: see the marks above.`);
  if (full)
    lines.push(`  ${pc.green(`Lab ${number} is solved.`)} ./lab answer ${number} shows the worked answer.`);
  else if (hints > 0)
    lines.push(
      `  Stuck? ./lab hint ${number} gives a hint; edit ${result.file}, then ./lab check ${number} again.`,
    );
  return lines.join('\n');
}
