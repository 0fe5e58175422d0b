// needs: answers, lab 01
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rootFolder } from '../../../kit/base/root.ts';
import { extractAnswer } from '../../../kit/judge/extract-answers.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';

let copy: string;
let lab: CheckoutCopy['lab'];
let remove: CheckoutCopy['remove'];

beforeAll(async () => {
  ({ folder: copy, lab, remove } = await copyCheckout());
});
afterAll(() => remove());

describe('./lab', () => {
  test('answer prints the worked answer, and says so where an edition has none', async () => {
    const { stdout } = await lab(['answer', '01']);
    const written = await readFile(join(copy, 'answers/01-initial-sync.md'), 'utf8');
    expect(stdout.trimEnd()).toBe(written.trimEnd());
    await rm(join(copy, 'answers'), { recursive: true });
    const { stderr, exitCode } = await lab(['answer', '01']);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('This edition holds no worked answer for lab 01'),
    ]);
    await cp(join(rootFolder(), 'answers'), join(copy, 'answers'), { recursive: true });
  });

  test('01 with the worked answers draws the wire view and ends with full points', async () => {
    const { stdout, exitCode } = await lab(['01', '--all'], { LABS: 'answers' });
    expect(stdout).toContain('waitForMysql used 1 attempt(s).');
    expect(stdout).toContain('HSET order:1');
    expect(stdout).toContain('28 of 28 points');
    expect(exitCode).toBe(0);
  }, 60_000);

  test('keeps the best points, and a damaged progress file aside', async () => {
    await cp(await extractAnswer('01-initial-sync'), join(copy, 'labs/01-initial-sync.ts'));
    expect((await lab(['check', '01'])).exitCode).toBe(0);
    expect((await lab([])).stdout).toContain('28 of 28 points');
    await writeFile(join(copy, 'labs/01-initial-sync.ts'), 'export {};');
    expect((await lab(['check', '01'])).exitCode).toBe(1);
    expect((await lab([])).stdout).toContain('28 of 28 points');
    await writeFile(join(copy, '.lab/progress.json'), '{ "half": ');
    const { stdout, stderr } = await lab([]);
    expect(stderr).toContain('could not be read; it was kept as');
    expect(stdout).toContain('not checked yet');
  }, 60_000);
});
