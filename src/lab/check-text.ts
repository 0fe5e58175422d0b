import pc from 'picocolors';
import { differingLines } from '../../kit/base/differing-lines.ts';
import { afterSolved } from '../../kit/base/edition.ts';
import { harmless } from '../../kit/base/harmless.ts';
import { type CheckResult, type LabResult, unjudgedPoints } from '../../kit/judge/result.ts';
import { catalog } from '../catalog.ts';

const marks = {
  passed: pc.green('✓'),
  failed: pc.red('✗'),
  'not reached': pc.red('○'),
  'not gradable': pc.yellow('–'),
  'infrastructure error': pc.yellow('!'),
} as const;

const indent = (text: string, by: string): string => text.split('\n').join(`\n${by}`);

const BODY = '        ';

function values({ expected, got }: CheckResult): string[] {
  const block = (name: string, value: string, other: string | undefined) => {
    const lines = differingLines(harmless(value), other === undefined ? undefined : harmless(other));
    const text = lines
      .map(({ line, differs }) => (differs ? pc.yellow(line) : line))
      .join(`\n${BODY}          `);
    return `${BODY}${name.padEnd(10)}${text}`;
  };
  return [
    ...(expected === undefined ? [] : [block('expected', expected, got)]),
    ...(got === undefined ? [] : [block('got', got, expected)]),
  ];
}

/**
 * Makes a printer of the checks of one run: each as lines of text, its mark, points and title, and where it failed the
 * likely mistake and the values. What it said already, such as where a file does not load, it does not say again.
 */
export function checkPrinter(): (check: CheckResult) => string {
  const told = new Set<string>();
  return (check) => {
    const lines = [
      `  ${marks[check.outcome]} ${pc.dim(`${check.points}/${check.maxPoints}`)}  ${check.title}`,
    ];
    if (check.outcome === 'passed') return lines[0]!;
    const sentence = harmless(check.sentence ?? '');
    const said = told.has(sentence) ? pc.dim('As above.') : indent(sentence, BODY);
    told.add(sentence);
    if (check.outcome !== 'failed') lines.push(`${BODY}${pc.yellow(check.outcome)}: ${said}`);
    else lines.push(`${BODY}${said}`, ...values(check));
    if (check.wire) lines.push(`${BODY}${indent(harmless(check.wire), BODY)}`);
    return lines.join('\n');
  };
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
    lines.push(`  ${pc.green(`Lab ${number} is solved.`)} ${afterSolved(result.lab).replaceAll('`', '')}`);
  else if (hints > 0)
    lines.push(
      `  Stuck? ./lab hint ${number} gives a hint; edit ${result.file}, then ./lab check ${number} again.`,
    );
  return lines.join('\n');
}
