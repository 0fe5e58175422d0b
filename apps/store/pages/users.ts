import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { html } from '../../../kit/base/html-template.ts';
import type { Problem } from '../../shared/problem.ts';
import { askMysql } from '../ask-mysql.ts';
import { addUser } from '../commands/add-user.ts';
import { newUser, pageQuery, parseInput } from '../input.ts';
import { problemOf } from '../problem-of.ts';
import { listUsers } from '../queries/list-users.ts';
import type { ShopContext } from '../shop-context.ts';
import { csrfField, textField } from '../view/fields.ts';
import { nextLink, problemBox, table } from '../view/parts.ts';
import { doneBox, sendPage } from './send.ts';

/** `/users`: who buys, and the form for one more. */
export function userPages(app: FastifyInstance, shop: ShopContext): void {
  app.get('/users', (request, reply) => show(shop, request, reply, {}));

  app.post('/users', { preHandler: app.csrfProtection }, async (request, reply) => {
    const { name, email } = (request.body ?? {}) as Record<string, unknown>;
    try {
      const user = await askMysql(addUser(shop.mysql, parseInput(newUser, { name, email })));
      return reply.redirect(`/users?after=${Math.max(user.id - 10, 0)}&done=user&id=${user.id}`, 303);
    } catch (error) {
      const problem = problemOf(error);
      if (!problem || problem.status === 503) throw error;
      return show(shop, request, reply, { name: String(name ?? ''), email: String(email ?? ''), problem });
    }
  });
}

interface Shown {
  name?: string;
  email?: string;
  problem?: Problem;
}

async function show(
  shop: ShopContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { name, email, problem }: Shown,
): Promise<FastifyReply> {
  const { after = 0, limit } = pageQuery(request.query, { of: 'user', limit: 50, most: 200 });
  const { rows, next } = await askMysql(listUsers(shop.mysql, { after, limit }));
  const wrong = (field: string) => problem?.field === field;
  const body = html`<h1>Users</h1>
${doneBox(request.query)}
<div class="columns"><div>
${table(
  'Users',
  [{ text: 'Id', right: true }, 'Name', 'Email'],
  rows.map((user) => [user.id, user.name, user.email]),
)}
<p class="soft">Users live in MySQL alone; the labs keep orders in Redis.</p>
${nextLink(next === null ? null : `/users?after=${next}&limit=${limit}`, 'More users')}
</div>
<section class="panel" aria-labelledby="add-user"><h2 id="add-user">Add a user</h2>
${problemBox(problem)}
<form method="post" action="/users">${csrfField(reply.generateCsrf())}
${textField({ name: 'name', label: 'Name', value: name, most: 100, autocomplete: 'name', wrong: wrong('name') })}
${textField({ name: 'email', label: 'Email', value: email, most: 190, type: 'email', autocomplete: 'email', wrong: wrong('email') || problem?.code === 'EMAIL_TAKEN' })}
<button>Add the user</button></form></section></div>`;
  return sendPage(shop, reply, { title: 'Users', path: '/users', body }, problem);
}
