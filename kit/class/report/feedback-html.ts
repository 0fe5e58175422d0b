import { countOf } from '../../base/count-of.ts';
import { differingLines } from '../../base/differing-lines.ts';
import { type Html, html } from '../../base/html-template.ts';
import { type CheckResult, isLost, isOpen } from '../../judge/result.ts';
import { lineBeside, openSentence, signs } from './check-words.ts';
import { firstHint } from './first-hint.ts';
import { htmlDocument } from './html-document.ts';
import { type JudgedLab, judgedLabs } from './judged-labs.ts';
import { personName, prose } from './prose.ts';
import type { ClassResult, StudentResult, WrittenAnswer } from './result-schema.ts';
import { WRITTEN_MAX } from './rubric.ts';
import { bounded, safeLine, safeText } from './safe-text.ts';
import { scoreOf } from './score.ts';

/** Characters shown of what a lab's code printed. */
export const MAX_PRINTED_CHARS = 16_000;

/** A student's feedback as one self-contained page without a script: it names no other student and no folder. */
export function feedbackHtml(student: StudentResult, result: ClassResult): string {
  const labs = judgedLabs(student, result);
  const body = html`<main class="wide narrow">
<header><p class="soft">${safeLine(result.name)}</p><h1>${personName(student.student)}</h1>
${totals(student, result)}</header>
${notes(student.notes)}
${labs.length > 1 ? contents(labs) : ''}
${labs.map((lab) => labSection(lab, answerOf(student, lab)))}
<footer class="soft">Judged on ${safeLine(result.servers)}, seed ${result.seed}, ${result.startedAt.slice(0, 10)}. Points are those of the checks’ list: which checks could run never changes the total.</footer>
</main>`;
  return htmlDocument({ title: `Feedback for ${safeLine(student.student)}`, body });
}

const answerOf = ({ written }: StudentResult, { lab }: JudgedLab) =>
  written.find((answer) => answer.lab === lab.id);

function totals(student: StudentResult, result: ClassResult): Html {
  const { checks, maxChecks, written, maxWritten, total, max, open } = scoreOf(student, result);
  return html`<p class="total"><strong>${total} of ${max} points</strong>${
    maxWritten > 0 &&
    html` <span class="soft">${checks} of ${maxChecks} from checks, ${written} of ${maxWritten} from written answers</span>`
  }</p>
${meter({ points: total, open, max })}
${open > 0 && html`<p class="box warn">${openSentence(open)} They are marked “not gradable” or “infrastructure error” below.</p>`}`;
}

/** A bar of the points earned, and of those left open. The figures stand beside it. */
function meter({ points, open, max }: { points: number; open: number; max: number }): Html {
  const share = (part: number) => (max > 0 ? (part / max) * 100 : 0).toFixed(2);
  return html`<svg class="meter" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="1"/><rect class="fill" width="${share(points)}" height="1"/>${
    open > 0 && html`<rect class="open" x="${share(points)}" width="${share(open)}" height="1"/>`
  }</svg>`;
}

function notes(lines: readonly string[]): Html | '' {
  if (lines.length === 0) return '';
  return html`<section class="box warn" aria-label="What was handed in"><strong>About what you handed in</strong><ul>${lines.map((line) => html`<li>${prose(line)}</li>`)}</ul></section>`;
}

function contents(labs: readonly JudgedLab[]): Html {
  return html`<nav aria-label="Labs"><ul class="labs">${labs.map(
    ({ number, lab, points, maxPoints }) =>
      html`<li><a href="#lab-${number}">${number} ${lab.title}</a> <span class="figure">${points}/${maxPoints}</span></li>`,
  )}</ul></nav>`;
}

function labSection(judged: JudgedLab, answer: WrittenAnswer | undefined): Html {
  const { lab, number, checks, points, maxPoints, open, result } = judged;
  const told = new Set<string>();
  const hint = points + open < maxPoints ? firstHint(lab.id) : undefined;
  return html`<section class="panel" id="lab-${number}" aria-labelledby="title-${number}">
<h2 id="title-${number}">${number} ${lab.title} <span class="soft">${points} of ${maxPoints}${open > 0 && `, ${open} not judged`}</span></h2>
<ol class="checks">${checks.map((check) => checkItem(check, told))}</ol>
${hint && html`<div class="box hint"><strong>Hint</strong> ${prose(hint)}</div>`}
${warnings(result?.warnings ?? [])}
${printed(result?.output ?? '')}
${answer && writtenPart(answer)}
</section>
`;
}

function checkItem(check: CheckResult, told: Set<string>): Html {
  const { outcome, points, maxPoints, title, sentence = '' } = check;
  const { sign, word } = signs[outcome];
  const kind = outcome === 'passed' ? 'good' : isLost(outcome) ? 'bad' : 'warn';
  const figure = isOpen(outcome) ? `–/${maxPoints}` : `${points}/${maxPoints}`;
  const again = outcome !== 'passed' && told.has(sentence);
  if (outcome !== 'passed') told.add(sentence);
  return html`<li class="${kind}"><div class="head"><span class="sign" role="img" aria-label="${word}">${sign}</span><span class="name">${prose(title)}${again && html` <span class="soft">(as above)</span>`}</span><span class="figure soft">${figure}</span></div>
${outcome !== 'passed' && detail(check, again)}</li>
`;
}

/** What happened; of what was said above only the values, where there are any. */
function detail(check: CheckResult, again: boolean): Html | '' {
  const { outcome, sentence = '', expected, got, wire } = check;
  const line = lineBeside(check);
  if (again && expected === undefined && got === undefined && !wire) return '';
  const said = prose(bounded(sentence, 4000));
  if (outcome !== 'failed')
    return html`<div class="detail"><p><em>${signs[outcome].word}:</em> ${said}</p></div>`;
  return html`<div class="detail">${!again && html`<p>${said}${line !== undefined && html` <span class="soft figure">(line ${line})</span>`}</p>`}
${values(expected, got)}
${wire && html`<details open><summary>What crossed the network</summary><pre class="wire" tabindex="0">${safeText(bounded(wire, MAX_PRINTED_CHARS))}</pre></details>`}</div>`;
}

/** What was expected and what came; two long values stand side by side where there is room. */
function values(expected: string | undefined, got: string | undefined): Html | '' {
  if (expected === undefined && got === undefined) return '';
  const long = [expected, got].every((text) => (text?.split('\n').length ?? 0) >= 3);
  return html`<dl class="${long ? 'pair' : 'values'}">${value('expected', { text: expected, other: got })}${value('got', { text: got, other: expected })}</dl>`;
}

/** A value; the lines that the other lacks are marked. */
function value(
  name: string,
  { text, other }: { text: string | undefined; other: string | undefined },
): Html | '' {
  if (text === undefined) return '';
  const safe = (of: string) => safeText(bounded(of, MAX_PRINTED_CHARS));
  const lines = differingLines(safe(text), other === undefined ? undefined : safe(other));
  return html`<div><dt>${name}</dt><dd><pre>${lines.map(({ line, differs }, i) => html`${i > 0 && '\n'}${differs ? marked(line) : line}`)}</pre></dd></div>`;
}

function marked(line: string): Html {
  const text = line.trimStart();
  return html`${line.slice(0, line.length - text.length)}<mark>${text}</mark>`;
}

function warnings(lines: readonly string[]): Html | '' {
  if (lines.length === 0) return '';
  return html`<details class="more" open><summary>${countOf(lines.length, 'warning')} (no points)</summary><ul>${lines.map((line) => html`<li>${prose(line)}</li>`)}</ul></details>`;
}

function printed(output: string): Html | '' {
  const text = safeText(output).trim();
  if (text === '') return '';
  return html`<details class="more"><summary>Your code printed</summary><pre class="printed" tabindex="0">${bounded(text, MAX_PRINTED_CHARS)}</pre></details>`;
}

function writtenPart({ state, remarks, code, points, file }: WrittenAnswer): Html {
  const states = { missing: 'not handed in', template: 'still the template', present: 'handed in' };
  const passed = code?.checks.filter(({ outcome }) => outcome === 'passed').length;
  return html`<div class="answer"><h3>Written answer <span class="soft">${states[state]}${points !== undefined && html`, <span class="figure">${points} of ${WRITTEN_MAX}</span>`}</span></h3>
<p class="soft">${points === undefined && 'Your instructor reads and grades the text. '}What the program saw in <code>${safeLine(file)}</code>:</p>
<ul>${state === 'present' && remarks.length === 0 && html`<li>It is there, under its heading, and illustrated.</li>`}${remarks.map((remark) => html`<li>${prose(remark)}</li>`)}${
    code &&
    html`<li>Its code passes ${passed} of ${countOf(code.checks.length, 'check')} of the lab. This is for your information and no part of the points.</li>`
  }</ul></div>`;
}
