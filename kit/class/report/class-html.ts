import { countOf } from '../../base/count-of.ts';
import { type Html, html } from '../../base/html-template.ts';
import { sum } from '../../base/sum.ts';
import { isOpen } from '../../judge/result.ts';
import { checkFigures, mostFailed, slowest } from './class-checks.ts';
import { classTable } from './class-table.ts';
import { writtenAnswers } from './class-written.ts';
import { histogram } from './histogram.ts';
import { htmlDocument, readPart } from './html-document.ts';
import { judgedLabs } from './judged-labs.ts';
import { median } from './median.ts';
import { prose } from './prose.ts';
import { type ClassResult, maxPointsOf } from './result-schema.ts';
import { safeLine } from './safe-text.ts';
import { scorer } from './score.ts';

/** `class.html`: the class on one page that stands alone, for the instructor. */
export function classHtml(result: ClassResult): string {
  const scoreOf = scorer(result);
  const scores = result.students.map(scoreOf);
  const totals = scores.map(({ total }) => total);
  const max = scores[0]?.max ?? maxPointsOf(result);
  const figures = checkFigures(result);
  const body = html`<main class="wide full">
<header><p class="soft">Class report</p><h1>${safeLine(result.name)}</h1></header>
${tiles(totals, max)}
${openNote(result)}
${skipped(result.skipped)}
<div class="two"><section class="panel" aria-labelledby="points"><h2 id="points">Distribution of points</h2>
<div class="plot">${histogram(totals, max)}</div>
</section>
${about(result)}</div>
${classTable(result)}
<div class="two">${mostFailed(figures)}
${slowest(result, { figures })}</div>
${writtenAnswers(result)}
</main>`;
  return htmlDocument({
    title: `Class report: ${safeLine(result.name)}`,
    body,
    style: readPart('class.css'),
    script: readPart('class-script.js'),
  });
}

function tiles(totals: readonly number[], max: number): Html {
  const mean = sum(totals) / Math.max(1, totals.length);
  const full = totals.filter((total) => total === max).length;
  const tile = (figure: string, label: string) => html`<li><strong>${figure}</strong> ${label}</li>`;
  return html`<ul class="tiles">${tile(String(totals.length), totals.length === 1 ? 'student' : 'students')}${tile(`${median(totals)} of ${max}`, 'points, the median')}${tile(mean.toFixed(1), 'points, the mean')}${tile(String(full), 'with full marks')}</ul>`;
}

/** What the instructor must know first: checks that nobody may take for zeros. */
function openNote(result: ClassResult): Html | '' {
  const open = result.students.flatMap((student) =>
    judgedLabs(student, result).flatMap(({ checks }) => checks.filter(({ outcome }) => isOpen(outcome))),
  );
  if (open.length === 0) return '';
  const broken = open.filter(({ outcome }) => outcome === 'infrastructure error').length;
  const here = open.length - broken;
  const parts = [
    here > 0 && `${countOf(here, 'check')} could not be judged on this host`,
    broken > 0 && `${countOf(broken, 'check')} ended in an infrastructure error, after a second try`,
  ].filter(Boolean);
  return html`<p class="box warn">${parts.join('; ')}. Their points are open, not lost: the table marks them.${broken > 0 && ' Grade the class again to judge them.'}</p>`;
}

function skipped(sentences: readonly string[]): Html | '' {
  if (sentences.length === 0) return '';
  return html`<section class="box warn"><strong>Beside the submissions</strong><ul>${sentences.map((one) => html`<li>${prose(one)}</li>`)}</ul></section>`;
}

function about(result: ClassResult): Html {
  const begun = Date.parse(result.startedAt);
  const took = Math.max(0, Math.round((Date.parse(result.finishedAt) - begun) / 1000));
  const minutes = `${took >= 60 ? `${Math.floor(took / 60)} min ` : ''}${took % 60} s`;
  const rows: [string, Html | string][] = [
    ['Isolation', safeLine(result.isolation.sentence)],
    ['Servers', safeLine(result.servers)],
    ['Seed', String(result.seed)],
    ['Graded', `${result.startedAt.slice(0, 16).replace('T', ' ')} UTC, in ${minutes}`],
    [
      'Labs',
      html`${result.labs.map(({ id, maxPoints }, i) => html`${i > 0 && ', '}${id.slice(0, 2)} (${maxPoints})`)}`,
    ],
    [
      'Files',
      html`<a href="grades.csv">grades.csv</a>, <a href="junit.xml">junit.xml</a>, <a href="result.json">result.json</a>; for each student <code>results.json</code> (Gradescope) and <code>classroom.json</code> (GitHub Classroom)`,
    ],
  ];
  return html`<section class="panel" aria-labelledby="about"><h2 id="about">About this run</h2>
<dl class="facts">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>`;
}
