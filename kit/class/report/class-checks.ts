import { type Html, html } from '../../base/html-template.ts';
import type { CheckResult } from '../../judge/result.ts';
import { byName } from './by-name.ts';
import { feedbackLink } from './class-table.ts';
import { judgedLabs, timeOf } from './judged-labs.ts';
import { personName, prose } from './prose.ts';
import type { ClassResult } from './result-schema.ts';

/** How a class did in one check. */
export interface CheckFigures {
  id: string;
  title: string;
  failed: number;
  /** Students whose check passed or failed. */
  judged: number;
  /** Milliseconds, over the students who have a result. */
  medianMs: number;
  slowestMs: number;
}

/** Figures of each check, in the manifest's order. */
export function checkFigures(result: ClassResult): CheckFigures[] {
  const all = result.students.flatMap((student) =>
    judgedLabs(student, result).flatMap(({ checks }) => checks),
  );
  const byId = new Map<string, CheckResult[]>();
  for (const check of all) {
    const same = byId.get(check.id);
    if (same) same.push(check);
    else byId.set(check.id, [check]);
  }
  return result.labs.flatMap(({ checks }) =>
    checks.map(({ id, title }) => {
      const results = byId.get(id) ?? [];
      const times = results.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
      const failed = results.filter(({ outcome }) => outcome === 'failed').length;
      const passed = results.filter(({ outcome }) => outcome === 'passed').length;
      return {
        id,
        title,
        failed,
        judged: failed + passed,
        medianMs: times[times.length >> 1] ?? 0,
        slowestMs: times.at(-1) ?? 0,
      };
    }),
  );
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

function bar(share: number): Html {
  return html`<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="1"/><rect class="fill" width="${(share * 100).toFixed(1)}" height="1"/></svg>`;
}

/** The checks that most students failed, the likely subject of the next lesson. */
export function mostFailed(figures: readonly CheckFigures[], most = 12): Html {
  const failed = [...figures]
    .filter((one) => one.failed > 0)
    .sort((a, b) => b.failed / b.judged - a.failed / a.judged)
    .slice(0, most);
  return html`<section class="panel" aria-labelledby="failed"><h2 id="failed">Checks most failed</h2>
${
  failed.length === 0
    ? html`<p class="soft">No check was failed.</p>`
    : html`<table class="list"><thead><tr><th scope="col">Check</th><th scope="col" class="r">Failed</th></tr></thead><tbody>${failed.map(
        ({ id, title, failed: count, judged }) =>
          html`<tr><td><code>${id}</code> ${prose(title)}${bar(count / judged)}</td><td class="r">${Math.round((count / judged) * 100)} %<br><span class="soft">${count} of ${judged}</span></td></tr>
`,
      )}</tbody></table>`
}</section>`;
}

/** Where the judge's time went. */
export function slowest(
  result: ClassResult,
  { figures, most = 6 }: { figures: readonly CheckFigures[]; most?: number },
): Html {
  const checks = [...figures].sort((a, b) => b.slowestMs - a.slowestMs).slice(0, most);
  const students = byName(result.students)
    .map((student) => ({ student, ms: timeOf(student) }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, most);
  return html`<section class="panel" aria-labelledby="slow"><h2 id="slow">Slowest</h2>
<p class="soft">How long the judge took. No point depends on it.</p>
<table class="list"><thead><tr><th scope="col">Check</th><th scope="col" class="r">Median</th><th scope="col" class="r">Slowest</th></tr></thead><tbody>${checks.map(
    ({ id, medianMs, slowestMs }) =>
      html`<tr><td><code>${id}</code></td><td class="r">${seconds(medianMs)}</td><td class="r">${seconds(slowestMs)}</td></tr>
`,
  )}</tbody></table>
<table class="list"><thead><tr><th scope="col">Student</th><th scope="col" class="r">All labs</th></tr></thead><tbody>${students.map(
    ({ student, ms }) =>
      html`<tr><td class="who"><a href="${feedbackLink(student)}">${personName(student.student)}</a></td><td class="r">${seconds(ms)}</td></tr>
`,
  )}</tbody></table></section>`;
}
