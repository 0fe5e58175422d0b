import { fastify } from 'fastify';
import { describe, expect, test } from 'vitest';
import { ownHostOnly } from '../../apps/shared/own-host.ts';
import { problemTeller } from '../../apps/shared/problem.ts';
import { sendJsonProblem } from '../../apps/shared/send-problem.ts';

const problemOf = problemTeller({ outcomeUnknown: { status: 503, code: 'UNKNOWN', message: '' } });

/** What an app that listens on `host` answers to a request that was sent to `name`. */
async function answer(host: string, name: string): Promise<number> {
  const app = fastify();
  ownHostOnly(app, host);
  app.setErrorHandler((error, _request, reply) => sendJsonProblem(reply, problemOf(error)!));
  app.get('/', async () => 'hello');
  const { statusCode } = await app.inject({ url: '/', headers: { host: name } });
  return statusCode;
}

describe('ownHostOnly() on loopback', () => {
  test.each(['localhost', 'localhost:5000', '127.0.0.1:5000', '[::1]:5000', 'LOCALHOST'])(
    'takes %s',
    async (name) => {
      expect(await answer('127.0.0.1', name)).toBe(200);
    },
  );

  test.each([
    'evil.example',
    'evil.example:5000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
  ])('refuses %s', async (name) => {
    expect(await answer('127.0.0.1', name)).toBe(421);
    expect(await answer('localhost', name)).toBe(421);
  });
});

test('ownHostOnly() on a network takes every name', async () => {
  expect(await answer('0.0.0.0', 'shop.school.example')).toBe(200);
});
