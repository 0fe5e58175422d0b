import { type Html, html } from '../../base/html-template.ts';
import { byName } from './by-name.ts';
import { feedbackLink } from './class-table.ts';
import { writtenColumn } from './grades-csv.ts';
import { personName, prose } from './prose.ts';
import type { ClassResult, StudentResult, WrittenAnswer } from './result-schema.ts';
import { rubric, WRITTEN_MAX } from './rubric.ts';
import { inertOr } from './written-html.ts';

/**
 * The written answers, a lab after the other as one grades them, beside the rubric. Where a program can say a fact it
 * does; the points are the instructor's, in `grades.csv`.
 */
export function writtenAnswers(result: ClassResult): Html {
  const labs = result.labs.filter(({ id }) =>
    result.students.some(({ written }) => written.some(({ lab }) => lab === id)),
  );
  if (labs.length === 0) return html``;
  return html`<section class="panel" aria-labelledby="written"><h2 id="written">Written answers</h2>
<p>The program scores no prose. Give each answer 0 to ${WRITTEN_MAX} points in the columns <code>${writtenColumn('…')}</code> of <a href="grades.csv">grades.csv</a>, then run the same <code>./lab grade</code> command with <code>--import grades.csv</code>.</p>
<div class="beside"><div>${labs.map(({ id, title }) => labPart(result, { id, title }))}</div>
<aside class="rubric" aria-label="Rubric"><table class="list"><thead><tr><th scope="col">Rubric: an answer that</th><th scope="col" class="r">Points</th></tr></thead><tbody>${rubric.map(
    ({ points, title, full }) =>
      html`<tr><td><strong>${title}</strong><br>${full}</td><td class="r">${points}</td></tr>`,
  )}</tbody></table></aside></div></section>`;
}

function labPart(result: ClassResult, { id, title }: { id: string; title: string }): Html {
  const answers = byName(result.students).flatMap((student) => {
    const answer = student.written.find(({ lab }) => lab === id);
    return answer ? [{ student, answer }] : [];
  });
  const present = answers.filter(({ answer }) => answer.state === 'present');
  const absent = answers.filter(({ answer }) => answer.state !== 'present');
  return html`<details class="question"><summary><strong>${id.slice(0, 2)} ${title}</strong> <span class="soft">${present.length} of ${answers.length} answered</span></summary>
${present.map(({ student, answer }) => one(student, answer))}
${
  absent.length > 0 &&
  html`<p class="soft">No answer: ${absent.map(({ student, answer }, i) => html`${i > 0 && ', '}${personName(student.student)}${answer.state === 'template' && ' (the template, unchanged)'}`)}.</p>`
}</details>
`;
}

function one(student: StudentResult, answer: WrittenAnswer): Html {
  const { underHeading, illustrated, points, remarks, code } = answer;
  const passed = code?.checks.filter(({ outcome }) => outcome === 'passed').length;
  const fact = (is: boolean, yes: string, no: string) =>
    html`<li class="${is ? 'good' : 'warn'}">${is ? '✓' : '!'} ${is ? yes : no}</li>`;
  return html`<details class="one"><summary>${personName(student.student)} <span class="soft">${points !== undefined && `${points} of ${WRITTEN_MAX}`}${!underHeading && ' not under the heading'}${!illustrated && ' not illustrated'}</span></summary>
<ul class="facts">${fact(underHeading, 'under the question’s heading', 'not under the question’s heading')}${fact(illustrated, 'illustrated by code or output', 'not illustrated by code or output')}${code && html`<li>its code passes ${passed} of ${code.checks.length} checks</li>`}<li><a href="${feedbackLink(student)}">feedback</a></li></ul>
${remarks.length > 0 && html`<ul>${remarks.map((remark) => html`<li>${prose(remark)}</li>`)}</ul>`}
<article class="prose">${inertOr(answer.html, 'There is no text to show.')}</article></details>
`;
}
