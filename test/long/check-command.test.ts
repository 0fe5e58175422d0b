// needs: answers, lab 01
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { extractAnswer } from '../../kit/judge/extract-answers.ts';
import type { CheckReport, CheckResult, LabResult } from '../../kit/judge/result.ts';

const root = rootFolder();
let folder: string;
let answer: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storelab-check-'));
  answer = await readFile(await extractAnswer('01-initial-sync'), 'utf8');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs `./lab check 01` as a person does, with `LABS` naming what is judged. */
async function check(labs: string, ...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['kit/cli.ts', 'check', '01', ...args], {
    cwd: root,
    env: { LABS: labs, LAB_SERVERS: 'local', STORELAB_ROOT: root, NO_COLOR: '1' },
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

/** Judges one file made of `code` and gives back the result of the lab, and of one check. */
async function judged(code: string, id: string): Promise<LabResult & { one: CheckResult }> {
  const file = join(folder, 'ada', '01-initial-sync.ts');
  await rm(join(folder, 'ada'), { recursive: true, force: true });
  await mkdir(join(folder, 'ada'));
  await writeFile(file, code);
  const { stdout, exitCode } = await check(join(folder, 'ada'), '--json');
  expect(exitCode).toBe(1);
  const [result] = (JSON.parse(stdout) as CheckReport).labs;
  return { ...result!, one: result!.checks.find((c) => c.id === id)! };
}

describe('./lab check', () => {
  test('exits 0 only on full points, and prints each check with its points', async () => {
    const { exitCode, stdout } = await check('answers');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('✓ 1/1  waitForMysql() resolves to 1 when MySQL answers at once');
    expect(stdout).toMatch(/28 of 28 points {2}\S+ [\d.]+ and \S+ [\d.]+ \(local\), seed \d+/);
  });

  test('exits 1 on the stub, says that it is not written yet, and offers a hint', async () => {
    const { exitCode, stdout } = await check(join(root, 'labs'));
    expect(exitCode).toBe(1);
    expect(stdout).toContain('0 of 28 points');
    expect(stdout).toContain('./lab hint 01');
  });

  test('names the line of a syntax error in every check, and the judge lives on', async () => {
    const { checks, one, points } = await judged(
      answer.replace('return attempt;', 'return attempt +;'),
      '01.wait.first',
    );
    const line = answer.split('\n').findIndex((text) => text.includes('return attempt;')) + 1;
    expect(points).toBe(0);
    expect(checks.every(({ outcome }) => outcome === 'failed')).toBe(true);
    expect([one.line, one.sentence]).toEqual([line, expect.stringContaining('Your file does not load')]);
  });

  test('reports a missing export by name', async () => {
    const { one, points } = await judged(
      answer.replace('export async function waitForMysql', 'async function waitForMysql'),
      '01.wait.first',
    );
    expect(one.sentence).toContain('does not export `waitForMysql`');
    expect(points).toBeGreaterThan(10);
  });

  test('reports a value of the wrong type with both values', async () => {
    const { one } = await judged(
      answer.replace('return attempt;', 'return String(attempt) as never;'),
      '01.wait.first',
    );
    expect([one.expected, one.got]).toEqual(['1', "'1'"]);
    expect(one.sentence).toBe('MySQL was up, so one attempt was enough');
  });

  test('reports a type error as a warning, with its line, and takes no points for it', async () => {
    const { warnings, maxPoints, points } = await judged(
      answer.replace('return attempt;', 'return String(attempt);'),
      '01.wait.first',
    );
    expect(warnings.join('\n')).toMatch(
      /TypeScript, line \d+: Type 'string' is not assignable to type 'number'/,
    );
    expect(points).toBeLessThan(maxPoints);
  });

  test('reports a throw with its line', async () => {
    const { one } = await judged(
      answer
        .replace(
          "await mysql.query('SELECT 1');\n      return",
          "await mysql.query('SELECT 1');\n      (undefined as any).x;\n      return",
        )
        .replace(
          'if (attempt >= retries)',
          'if (cause instanceof TypeError) throw cause;\n      if (attempt >= retries)',
        ),
      '01.wait.first',
    );
    expect(one.sentence).toMatch(/Your code threw on line \d+: TypeError/);
  });

  test('reports an endless loop and a promise that never settles as what they are, with the line', async () => {
    const loop = answer.replace('  await listen();\n', '  for (;;) {}\n');
    const never = loop.replace(
      '      return attempt;',
      '      return attempt > 1 ? await new Promise<never>(() => {}) : attempt;',
    );
    const { checks } = await judged(never, '01.wait.retry');
    const sentence = (id: string) => checks.find((c) => c.id === id)!;
    expect(sentence('01.wait.retry').sentence).toContain('`waitForMysql` had not settled');
    expect(sentence('01.wait.retry').line).toBeGreaterThan(0);
    const started = checks.filter(({ id }) => id.startsWith('01.start.')).map((check) => check.sentence);
    expect(started).toContainEqual(expect.stringContaining('an endless loop?'));
    expect(sentence('01.sync.exact').outcome).toBe('passed');
  });

  test('names a command that nobody awaited', async () => {
    const { one } = await judged(
      answer.replace('    return count;', "    void redis.hset('sync:log', { count });\n    return count;"),
      '01.sync.exact',
    );
    expect(one.sentence).toContain('resolved while commands of its own were still on their way');
    expect(one.sentence).toContain('Is an `await` missing?');
  });

  test('says in a sentence that a lab or a folder is not there', async () => {
    const missing = await check(join(folder, 'nobody'));
    expect([missing.exitCode, missing.stderr]).toEqual([
      1,
      expect.stringContaining('there is no folder or file'),
    ]);
    const { stderr } = await execa(process.execPath, ['kit/cli.ts', 'check', '99'], {
      cwd: root,
      reject: false,
    });
    expect(stderr).toContain('There is no lab "99". The labs: 01-initial-sync');
  });

  test('draws the same inputs for the same seed', async () => {
    const expected = async () => {
      const code = answer.replace('return attempt;', 'return attempt + 100;');
      await rm(join(folder, 'ada'), { recursive: true, force: true });
      await writeFile(join(folder, 'seeded.ts'), code);
      const { stdout } = await check(join(folder, 'seeded.ts'), '--json', '--seed', '4711');
      return (JSON.parse(stdout) as CheckReport).labs[0]!.checks.map(({ expected, outcome }) => [
        expected,
        outcome,
      ]);
    };
    expect(await expected()).toEqual(await expected());
  });
});
