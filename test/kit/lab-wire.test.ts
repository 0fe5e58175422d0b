import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, open } from '../../src/lab/open.ts';
import { wire } from '../../src/lab/wire.ts';
import { inNotebookFor, stdoutOf } from './support/notebook.ts';

let lab: Lab;

beforeAll(async () => {
  await stdoutOf(async () => {
    lab = await open();
  });
});

beforeEach(async () => {
  await lab.redis.del('wire:order:1');
});

afterAll(async () => {
  await lab?.redis.del('wire:order:1');
  await lab?.close();
});

const quiet = { show: false };

describe('wire()', () => {
  it('counts six awaited commands as six trips, a mapping as one', async () => {
    const slow = await wire(async ({ redis }) => {
      for (const field of 'abcdef') await redis.hset('wire:order:1', field, 1);
    }, quiet);
    const fast = await wire(
      ({ redis }) => redis.hset('wire:order:1', { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 }),
      quiet,
    );
    expect([slow.trips, slow.commands]).toEqual([6, 6]);
    expect([fast.trips, fast.commands]).toEqual([1, 1]);
    expect(slow.bytes).toBeGreaterThan(fast.bytes);
  });

  it('counts both servers, and gives the value back', async () => {
    const { value, trips, commands } = await wire(async ({ mysql, redis }) => {
      const [rows] = await mysql.query('SELECT id FROM users WHERE id = 1');
      await redis.set('wire:order:1', JSON.stringify(rows));
      return rows;
    }, quiet);
    expect(value).toEqual([{ id: 1 }]);
    expect([trips, commands]).toEqual([2, 2]);
  });

  it('adds the latency that a network would', async () => {
    const { ms, trips } = await wire(
      async ({ redis }) => {
        for (let n = 0; n < 3; n++) await redis.ping();
      },
      { ...quiet, latencyMs: 20 },
    );
    expect(trips).toBe(3);
    expect(ms).toBeGreaterThanOrEqual(59);
  });

  it('shows the sequence as text and as a picture in one message', async () => {
    const [message, ...more] = await inNotebookFor(() =>
      wire(({ redis }) => redis.hset('wire:order:1', 'name', '<script>x</script>'), { title: 'One <b>' }),
    );
    expect(more).toEqual([]);
    expect(message!.data['text/plain']).toContain('One <b> · 1 trip, 1 command, ');
    expect(message!.data['text/plain']).toContain('HSET');
    expect(message!.data['text/html']).toContain('<svg');
    expect(message!.data['text/html']).toContain('One &lt;b&gt;');
    expect(message!.data['text/html']).not.toContain('<script');
  });

  it('throws what the function throws, after the diagram', async () => {
    const text = await stdoutOf(async () => {
      const run = wire(async ({ redis }) => {
        await redis.set('wire:order:1', 'x');
        await redis.hset('wire:order:1', 'a', 1);
      });
      await expect(run).rejects.toThrow('WRONGTYPE');
    });
    expect(text).toContain('WRONGTYPE');
  });

  it('is one line where it is the value of a cell', async () => {
    expect(inspect(await wire(({ redis }) => redis.ping(), quiet))).toMatch(
      /^1 trip, 1 command, \d+ bytes, \d+\.\d ms$/,
    );
  });

  it('leaves no socket behind', async () => {
    await wire(({ redis }) => redis.ping(), quiet);
    const folder = lab.redis.options.path ? dirname(lab.redis.options.path) : '/tmp';
    expect(
      existsSync(folder) &&
        readdirSync(folder).filter((name) => name.startsWith(`storelab-wire-${process.pid}-`)),
    ).toEqual([]);
  });

  it('asks for open() where there is no session', async () => {
    await lab.close();
    await expect(wire(({ redis }) => redis.ping())).rejects.toThrow('`await open()`');
    await stdoutOf(async () => {
      lab = await open();
    });
  });
});
