import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { prune } from '../../kit/judge/runner/prune.ts';

const folder = mkdtempSync(join(tmpdir(), 'storelab-prune-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hours = (n: number) => n * 3_600_000;

describe('prune()', () => {
  test('deletes what nobody has written for a day, and nothing else', async () => {
    const now = Date.now();
    const ages = {
      'old.mjs': 25,
      'young.mjs': 23,
      'runner-a.blob': 30,
      'runner-b.blob': 30,
      'runner-c.blob': 1,
    };
    for (const [name, age] of Object.entries(ages)) {
      writeFileSync(join(folder, name), 'x');
      utimesSync(join(folder, name), new Date(now - hours(age)), new Date(now - hours(age)));
    }
    const keep = (name: string) => name === 'runner-b.blob';
    expect(await prune(folder, { prefix: 'runner-', keep, now })).toBe(1);
    expect(readdirSync(folder).sort()).toEqual(['old.mjs', 'runner-b.blob', 'runner-c.blob', 'young.mjs']);
    expect(await prune(folder, { now })).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(['runner-c.blob', 'young.mjs']);
  });

  test('takes a folder that is not there for an empty one', async () => {
    expect(await prune(join(folder, 'none'))).toBe(0);
  });
});
