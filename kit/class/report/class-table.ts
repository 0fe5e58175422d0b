import { countOf } from '../../base/count-of.ts';
import { type Html, html } from '../../base/html-template.ts';
import type { Outcome } from '../../judge/result.ts';
import { byName } from './by-name.ts';
import { signs } from './check-words.ts';
import { judgedLabs } from './judged-labs.ts';
import { personName } from './prose.ts';
import type { ClassResult, StudentResult, WrittenAnswer } from './result-schema.ts';
import { safeLine } from './safe-text.ts';
import { scorer } from './score.ts';

/** Class of a cell by its outcome, short since there are thousands of them. */
const kinds: Record<Outcome, string> = {
  passed: 'p',
  failed: 'f',
  'not reached': 'o',
  'not gradable': 'n',
  'infrastructure error': 'i',
};

/** The path of a student's feedback, from `class.html`. */
export const feedbackLink = ({ slug }: StudentResult): string =>
  `students/${encodeURIComponent(slug)}/feedback.html`;

/**
 * The table of students by checks. It is complete without a script; the script sorts by the buttons of its head and
 * filters its rows, and takes every value from the cells.
 */
export function classTable(result: ClassResult): Html {
  const graded = result.students.some(({ written }) => written.some(({ points }) => points !== undefined));
  return html`<section class="panel" aria-labelledby="students">
<h2 id="students">Students and checks</h2>
<form class="filters" hidden>
<label>Name <input type="search" name="name" autocomplete="off" spellcheck="false"></label>
<label>Show <select name="show"><option value="">everyone</option><option value="lost">who lost points</option><option value="full">with full marks</option><option value="zero">with no points</option><option value="open">with checks not judged</option><option value="notes">with notes on what was handed in</option></select></label>
<label>Failed check <select name="check"><option value="">any</option>${result.labs.map(
    ({ id, checks }) =>
      html`<optgroup label="${id}">${checks.map((check) => html`<option>${check.id}</option>`)}</optgroup>`,
  )}</select></label>
<output aria-live="polite"></output>
</form>
<p class="soft legend"><b class="p">✓</b> passed · <b class="f">✗</b> failed · <b class="o">○</b> not reached: fails already without what the check disturbs · <b class="n">–</b> not gradable here · <b class="i">!</b> infrastructure error. The last two are neither earned nor lost.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="students"><table class="grid" data-grid>
<thead>${groupRow(result, graded)}
${headRow(result, graded)}</thead>
<tbody>
${rows(result, graded)}</tbody>
</table></div>
</section>`;
}

function groupRow({ labs }: ClassResult, graded: boolean): Html {
  return html`<tr><td colspan="${graded ? 4 : 3}"></td>${labs.map(
    ({ id, title, maxPoints, checks }) =>
      html`<th scope="colgroup" colspan="${checks.length + 1}" title="${title}"><span>${id.slice(0, 2)} ${checks.length > 2 && title}</span> <span class="soft">${maxPoints}</span></th>`,
  )}</tr>`;
}

function headRow({ labs }: ClassResult, graded: boolean): Html {
  const plain = (name: string, more = '') =>
    html`<th scope="col" class="${more}"><button>${name}</button></th>`;
  return html`<tr>${plain('Student', 'who')}${plain('Points')}${graded && plain('Written')}${plain('Seconds')}${labs.map(
    ({ id, checks }) => [
      html`<th scope="col" class="lab turned"><button>Lab ${id.slice(0, 2)}</button></th>`,
      ...checks.map(
        (check) =>
          html`<th scope="col" class="turned" data-check="${check.id}" title="${check.title} (${countOf(check.points, 'point')})"><button>${check.id.replace(/^\d\d\./, '')}</button></th>`,
      ),
    ],
  )}</tr>`;
}

function rows(result: ClassResult, graded: boolean): Html {
  const scoreOf = scorer(result);
  return html`${byName(result.students).map((student) => {
    const { total, max, open, written } = scoreOf(student);
    const labs = judgedLabs(student, result);
    const time = labs.reduce((sum, { result: lab }) => sum + (lab?.durationMs ?? 0), 0);
    const flags = [
      total + open < max && 'lost',
      total === max && 'full',
      total === 0 && open === 0 && 'zero',
      open > 0 && 'open',
      student.notes.length > 0 && 'notes',
    ].filter(Boolean);
    return html`<tr data-is="${flags.join(' ')}"><th scope="row" class="who" title="${safeLine(student.student)}"><a href="${feedbackLink(student)}">${personName(student.student)}</a></th><td class="r"><b>${total}</b>${open > 0 && html` <i>+${open}</i>`}</td>${graded && html`<td class="r">${given(student.written) && written}</td>`}<td class="r soft">${(time / 1000).toFixed(1)}</td>${labs.map(
      ({ points, checks }) =>
        html`<td class="r lab">${points}</td>${checks.map(({ outcome }) => html`<td class="${kinds[outcome]}">${signs[outcome].sign}</td>`)}`,
    )}</tr>
`;
  })}`;
}

const given = (written: readonly WrittenAnswer[]) => written.some(({ points }) => points !== undefined);
