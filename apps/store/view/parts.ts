import { type Html, html, type Part } from '../../../kit/base/html-template.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Sourced } from '../read-orders.ts';

/** A table in a frame that scrolls by itself, so that a phone's page does not. */
export function table(
  label: string,
  head: readonly (string | { text: string; right: true })[],
  rows: readonly (readonly Part[])[],
): Html {
  const right = head.map((cell) => typeof cell !== 'string');
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${head.map((cell, i) => html`<th scope="col"${right[i] && html` class="right"`}>${typeof cell === 'string' ? cell : cell.text}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map((cell, i) => html`<td${right[i] && html` class="right"`}>${cell}</td>`)}</tr>\n`)}
</tbody></table></div>`;
}

/** Why what follows does not come from Redis, where it should. */
export function noticeBox({ notice }: Sourced<unknown>): Html {
  return notice ? html`<p class="notice" role="status">${notice}</p>` : html``;
}

/** Where what stands above came from, unless a notice has said it. */
export function sourceLine({ source, ms, notice }: Sourced<unknown>, how: string): Html {
  const from = source === 'redis' ? 'Redis' : 'MySQL';
  return notice ? html`` : html`<p class="soft">Read from ${from} in ${ms.toFixed(1)} ms by ${how}.</p>`;
}

/** A lab that is not solved, in place of what it would show. */
export function labPanel({ code, message, lab }: Problem): Html {
  if (!lab) return html``;
  const title = `Lab ${lab.id.slice(0, 2)} ${code === 'LAB_FAILED' ? 'went wrong' : 'comes first'}`;
  return html`<section class="panel lab" aria-labelledby="lab-${lab.id}">
<h2 id="lab-${lab.id}">${title}</h2>
<p>${message}</p>
${lab.question && html`<blockquote>${lab.question}</blockquote>`}
<p>In a terminal: <code>${lab.next}</code>. In Jupyter: <code>notebooks/${lab.id}.ipynb</code>. <a href="/#labs">Which labs are written</a></p>
</section>`;
}

/** What went wrong with a form, at its head; a screen reader says it at once. */
export function problemBox(problem: Problem | undefined): Html {
  return problem ? html`<p class="problem" role="alert">${problem.message}</p>` : html``;
}

/** A link to the next page of a list. */
export function nextLink(href: string | null, text: string): Html {
  return href ? html`<p><a class="button" href="${href}" rel="next">${text}</a></p>` : html``;
}
