import type { FastifyReply } from 'fastify';
import { type Html, html } from '../../../kit/base/html-template.ts';
import type { Problem } from '../../shared/problem.ts';
import type { ShopContext } from '../shop-context.ts';
import { layout, type PageParts } from '../view/layout.ts';
import { labPanel } from '../view/parts.ts';

/** Sends a page; what it shows may be other a moment later, so nobody keeps it. */
export function sendPage(
  shop: ShopContext,
  reply: FastifyReply,
  page: PageParts,
  problem?: Problem,
): FastifyReply {
  if (problem?.retryAfter) reply.header('retry-after', problem.retryAfter);
  return reply
    .code(problem?.status ?? 200)
    .type('text/html; charset=utf-8')
    .send(layout(shop, page).text);
}

const titles: Record<number, string> = {
  400: 'That does not work',
  403: 'Not from here',
  404: 'Not found',
  413: 'Too large',
  500: 'The shop made a mistake',
  501: 'Not written yet',
  503: 'MySQL does not answer',
};

/** A page that only says what went wrong. */
export function sendProblem(shop: ShopContext, reply: FastifyReply, problem: Problem): FastifyReply {
  const title = problem.code === 'LAB_FAILED' ? 'A lab failed' : (titles[problem.status] ?? titles[400]!);
  const body = html`<h1>${title}</h1>
${problem.lab ? labPanel(problem) : html`<p class="problem">${problem.message}</p>`}
<p><a class="button" href="/orders">To the orders</a></p>`;
  return sendPage(shop, reply, { title, path: '', body }, problem);
}

const sentences: Record<string, (id: number) => string> = {
  order: (id) => `Order ${id} is recorded.`,
  deleted: (id) => `Order ${id} is deleted.`,
  user: (id) => `User ${id} is added.`,
  product: (id) => `Product ${id} is added.`,
};

/** What a form did, after its redirect: read from an address, so only what fits is shown. */
export function doneBox(query: unknown): Html {
  const { done, id, behind } = query as Record<string, unknown>;
  const sentence = typeof done === 'string' && Object.hasOwn(sentences, done) ? sentences[done] : undefined;
  if (!sentence || typeof id !== 'string' || !/^\d{1,10}$/.test(id)) return html``;
  const later = behind === '1' && ' It is safe in MySQL; Redis gets it with the next sync.';
  return html`<p class="done" role="status">${sentence(Number(id))}${later}</p>`;
}
