import { stripVTControlCharacters } from 'node:util';
import { differingLines } from '../../kit/base/differing-lines.ts';
import { afterSolved } from '../../kit/base/edition.ts';
import { harmless } from '../../kit/base/harmless.ts';
import { escapeHtml } from '../../kit/base/html.ts';
import type { CheckResult, LabResult, Outcome } from '../../kit/judge/result.ts';
import { catalog } from '../catalog.ts';
import { checkPrinter, summaryLines } from './check-text.ts';
import type { Shown } from './display.ts';
import { page } from './html-page.ts';

/** Sign, colour and word of each outcome: never the colour alone. */
const marks: Record<Outcome, [sign: string, colour: string, word: string]> = {
  passed: ['✓', 'sl-good', 'passed'],
  failed: ['✗', 'sl-bad', 'failed'],
  'not reached': ['○', 'sl-bad', 'not reached'],
  'not gradable': ['–', 'sl-warn', 'not gradable'],
  'infrastructure error': ['!', 'sl-warn', 'infrastructure error'],
};

/** Both forms of a lab's result: the terminal's lines, and the same in colour for a notebook. */
export function renderResult(result: LabResult): Shown {
  const lines = [`${result.lab} ${result.title}`, ...result.checks.map(checkPrinter()), summaryLines(result)];
  return { text: stripVTControlCharacters(lines.join('\n')), html: page(asHtml(result)) };
}

function asHtml(result: LabResult): string {
  const full = result.checks.length > 0 && result.checks.every(({ outcome }) => outcome === 'passed');
  const colour = full ? 'sl-good' : result.points > 0 ? 'sl-warn' : 'sl-bad';
  const share = result.maxPoints > 0 ? (result.points / result.maxPoints) * 100 : 0;
  return (
    `<div style="display:flex;gap:1rem;align-items:baseline;flex-wrap:wrap"><strong style="font-size:1.1em">${text(result.title)}</strong>` +
    `<strong class="${colour}">${result.points} of ${result.maxPoints} points</strong>` +
    `<span class="sl-soft">${text(result.servers)}, seed ${result.seed}, ${(result.durationMs / 1000).toFixed(1)} s</span></div>` +
    `<div aria-hidden="true" style="height:.4rem;border-radius:.2rem;background:var(--sl-line);margin:.3rem 0 .6rem;overflow:hidden">` +
    `<div style="height:100%;width:${share.toFixed(1)}%;background:var(--sl-good)"></div></div>` +
    `<ul style="list-style:none;margin:0;padding:0">${result.checks.map(checkHtml()).join('')}</ul>` +
    result.warnings.map((warning) => `<div class="sl-warn">! ${text(warning)}</div>`).join('') +
    printed(result.output) +
    nextStep(result, full)
  );
}

function checkHtml(): (check: CheckResult) => string {
  const told = new Set<string>();
  return (check) => oneCheck(check, told);
}

function oneCheck(check: CheckResult, told: Set<string>): string {
  const [sign, colour, word] = marks[check.outcome];
  const head =
    `<div style="display:flex;gap:.6rem"><span class="${colour}" role="img" aria-label="${word}" style="font-weight:700;width:1em">${sign}</span>` +
    `<span style="flex:1">${withCode(check.title)}</span><span class="sl-soft">${check.points}/${check.maxPoints}</span></div>`;
  if (check.outcome === 'passed') return `<li style="margin:.15rem 0">${head}</li>`;
  const line = check.line ? ` <span class="sl-soft">(line ${check.line})</span>` : '';
  const sentence = told.has(check.sentence ?? '') ? 'As above.' : (check.sentence ?? '');
  told.add(check.sentence ?? '');
  const said = check.outcome === 'failed' ? withCode(sentence) : `<em>${word}:</em> ${withCode(sentence)}`;
  return (
    `<li style="margin:.15rem 0">${head}<div style="margin:.2rem 0 .6rem 1.6rem;padding:.4rem .8rem;border-left:3px solid currentColor;` +
    `background:var(--sl-panel)" class="${colour}"><div style="color:var(--sl-text)">${said}${line}${values(check)}</div></div></li>`
  );
}

function values({ expected, got, wire }: CheckResult): string {
  const rows = [['expected', expected, got] as const, ['got', got, expected] as const].filter(
    ([, value]) => value !== undefined,
  );
  const pre = 'margin:0;padding:0;white-space:pre-wrap;overflow-wrap:anywhere;color:inherit';
  const grid = rows.map(
    ([name, value, other]) =>
      `<dt class="sl-soft">${name}</dt><dd style="margin:0"><pre style="${pre}">${marked(value!, other)}</pre></dd>`,
  );
  return (
    (grid.length > 0
      ? `<dl style="display:grid;align-items:baseline;grid-template-columns:max-content 1fr;gap:.1rem .8rem;margin:.3rem 0 0">${grid.join('')}</dl>`
      : '') +
    (wire
      ? `<details style="margin-top:.3rem"><summary>What crossed the network</summary><pre style="${pre};white-space:pre;overflow-x:auto">${text(wire)}</pre></details>`
      : '')
  );
}

/** Of two values of several lines, the lines that the other lacks stand out. */
function marked(value: string, other: string | undefined): string {
  const bold = (line: string) => `<strong style="color:var(--sl-accent)">${text(line)}</strong>`;
  return differingLines(value, other)
    .map(({ line, differs }) => (differs ? bold(line) : text(line)))
    .join('\n');
}

function printed(output: string): string {
  if (output.trim() === '') return '';
  return (
    '<details style="margin-top:.4rem"><summary class="sl-soft">Your code printed</summary>' +
    `<pre style="margin:.2rem 0;max-height:16rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere">${text(output.trimEnd())}</pre></details>`
  );
}

function nextStep({ lab, file }: LabResult, full: boolean): string {
  const number = lab.slice(0, 2);
  if (full)
    return `<p class="sl-good" style="margin:.6rem 0 0">Lab ${number} is solved. ${withCode(afterSolved(lab))}</p>`;
  const hints = catalog.find(({ id }) => id === lab)?.hints.length ?? 0;
  const hint = hints > 0 ? `Stuck? <code>./lab hint ${number}</code> in a terminal gives a hint. ` : '';
  return `<p class="sl-soft" style="margin:.6rem 0 0">${hint}Edit <code>${text(file)}</code>, save it, and run this cell again.</p>`;
}

/** A sentence in which `names` stand as code. */
function withCode(sentence: string): string {
  return text(sentence).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function text(value: string): string {
  return escapeHtml(harmless(value));
}
