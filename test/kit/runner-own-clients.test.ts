import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findIsolation } from '../../kit/judge/isolation/find.ts';
import type { FoundIsolation } from '../../kit/judge/isolation/isolation.ts';
import { isolatedLabs } from './support/isolated.ts';

const labs = isolatedLabs();
let best: FoundIsolation;
beforeAll(async () => {
  best = await findIsolation();
});
afterAll(() => labs.close());

/** What a student is told of a call that fails. */
const sentenceOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    (value) => `gave back ${value}`,
    (error: { sentence?: string }) => String(error.sentence),
  );

const advice = /Use the `redis` that your function is given, or its duplicate\(\)/;

describe('a client that student code makes for itself', () => {
  test.each([
    ['a command', 'new Redis()', 'own.hgetall("order:1")', 'HGETALL', 'localhost:6379'],
    [
      'a pipeline',
      'new Redis({ port: 6390 })',
      'own.pipeline().get("a").exec().then(([[error]]: any) => { throw error; })',
      'GET',
      'localhost:6390',
    ],
    [
      'a transaction',
      'new Redis("redis://example.com:7000")',
      'own.multi().set("a", 1).exec()',
      'EXEC',
      'example.com:7000',
    ],
    ['a socket of its own', 'new Redis("/tmp/other.sock")', 'own.call("PING")', 'PING', '/tmp/other.sock'],
  ])('is told at once: %s', async (_, client, work, command, where) => {
    const code = `import { Redis } from 'ioredis';
      const own = ${client}; own.on('error', () => {});
      export const f = async () => ${work};`;
    const told = labs.run(code, best);
    await expect(told).rejects.toThrow(
      new RegExp(`(${command}) was sent with a Redis client .* to ${where}:`),
    );
    await expect(told).rejects.toThrow(advice);
  });

  test('is let be where nothing is asked of it', async () => {
    const code = `import { Redis } from 'ioredis';
      const own = new Redis(); own.on('error', () => {});
      export const f = async () => typeof own.get;`;
    expect(await labs.run(code, best)).toBe('function');
  });

  test('is told of a pool of MySQL too, and not of what only looks alike', async () => {
    const pool = `import mysql from 'mysql2/promise';
      export const f = () => mysql.createPool({ host: '127.0.0.1', port: 1 }).query('SELECT 1');`;
    expect(await sentenceOf(labs.run(pool, best))).toMatch(
      /^Your code threw.*127\.0\.0\.1:1\. Nothing answers there while a lab is checked: use the `redis` and the `mysql`/,
    );
    const given = `export const f = ({ mysql }: any) => mysql.query('SELECT 1');`;
    const told = await sentenceOf(labs.run(given, best));
    expect(told).toMatch(/^Your code threw/);
    expect(told).not.toContain('Nothing answers there');
  });
});
