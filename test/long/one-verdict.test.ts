// needs: answers, lab 03
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import type { ClassResult } from '../../kit/class/report/result-schema.ts';
import { extractAnswer } from '../../kit/judge/extract-answers.ts';
import type { CheckReport, CheckResult } from '../../kit/judge/result.ts';
import { runChecks } from '../../kit/judge/run-checks.ts';
import { typeWarningsOf } from '../../kit/judge/types/type-warnings.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import { type CheckoutCopy, copyCheckout } from '../kit/support/checkout-copy.ts';
import { startKernel } from '../kit/support/kernel-client.ts';
import { corpusOf, type OneFile } from './support/corpus.ts';

const LAB = '03-hset-mapping';
const SEED = 7;

let folder: string;
let files: OneFile[];
/** Of each file what the judge passed, asked directly: the others are compared with it. */
let judged: Map<string, string[]>;

const passedOf = (checks: readonly CheckResult[]): string[] =>
  checks
    .filter(({ outcome }) => outcome === 'passed')
    .map(({ id }) => id)
    .sort();

/** Lines that TypeScript names: `line 7` in a warning, `(7,14)` in its own words. */
const linesIn = (said: readonly string[]): number[] =>
  said.flatMap((line) => {
    const [, a, b] = /line (\d+)|\((\d+),\d+\): error/.exec(line) ?? [];
    return a || b ? [Number(a ?? b)] : [];
  });

const placeOf = (name: string) => join(folder, 'class', name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storelab-verdict-'));
  files = corpusOf(await readFile(await extractAnswer(LAB), 'utf8'));
  for (const { name, bytes } of files) {
    await mkdir(join(placeOf(name), 'labs'), { recursive: true });
    await writeFile(join(placeOf(name), 'labs', `${LAB}.ts`), bytes);
  }
  const servers = await openServers();
  try {
    const submissions = files.map(({ name }) => ({ name, path: join(placeOf(name), 'labs') }));
    const results = await runChecks({ servers, submissions, labs: [LAB], seed: SEED });
    judged = new Map(results.map(({ submission, checks }) => [submission, passedOf(checks)]));
  } finally {
    await servers.close();
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('one file has one verdict', () => {
  test('by the judge: what loads is judged, what does not passes nothing', () => {
    const most = judged.get('as-it-is')!.length;
    expect(most).toBeGreaterThan(10);
    for (const { name, loads } of files) {
      const passed = judged.get(name)!.length;
      if (!loads || name === 'empty') expect([name, passed]).toEqual([name, 0]);
      else if (name === 'only-in-part') expect(passed).toBeLessThan(most);
      else expect([name, passed]).toEqual([name, most]);
    }
  });

  test('by ./lab check', async () => {
    for (const { name } of files) {
      const { stdout, stderr } = await lab(['check', '03', '--json', '--seed', String(SEED)], {
        LABS: join(placeOf(name), 'labs'),
      });
      const report = JSON.parse(stdout || '{}') as CheckReport;
      expect(passedOf(report.labs?.[0]?.checks ?? []), `${name}: ${stderr}`).toEqual(judged.get(name));
    }
  });

  test('by ./lab grade', async () => {
    const out = join(folder, 'grades');
    await lab(['grade', join(folder, 'class'), '--labs', '03', '--seed', String(SEED), '--out', out]);
    const { students } = JSON.parse(await readFile(join(out, 'result.json'), 'utf8')) as ClassResult;
    const graded = students.map(({ student, labs }) => [student, passedOf(labs[0]!.checks)] as const);
    expect(new Map(graded)).toEqual(judged);
  });

  test('by vitest', async () => {
    for (const { name } of files) {
      const report = join(folder, 'vitest.json');
      const vitest = join(rootFolder(), 'node_modules/vitest/vitest.mjs');
      const args = ['run', `test/${LAB}.test.ts`, '--reporter=json', `--outputFile=${report}`];
      await execa(process.execPath, [vitest, ...args], {
        cwd: rootFolder(),
        env: { LABS: join(placeOf(name), 'labs'), LAB_SEED: String(SEED), LAB_SERVERS: 'local' },
        reject: false,
      });
      const { testResults } = JSON.parse(await readFile(report, 'utf8')) as {
        testResults: { assertionResults: { status: string; fullName: string }[] }[];
      };
      const passed = testResults
        .flatMap(({ assertionResults }) => assertionResults)
        .filter(({ status }) => status === 'passed');
      expect([name, passed.length]).toEqual([name, judged.get(name)!.length]);
    }
  });

  test('by a notebook, whose cells load the same files', async () => {
    const copy: CheckoutCopy = await copyCheckout(['notebooks', '.jupyter']);
    const kernel = await startKernel({ root: copy.folder });
    try {
      for (const { name, bytes, loads, notInNotebook, onlyInNotebook } of files) {
        await writeFile(join(copy.folder, 'labs', `${LAB}.ts`), bytes);
        const { reply } = await kernel.execute(
          `import * as mine from './labs/${LAB}.ts'; Object.keys(mine);`,
        );
        expect([name, reply.status]).toEqual([
          name,
          (loads && !notInNotebook) || onlyInNotebook ? 'ok' : 'error',
        ]);
        if (notInNotebook) expect(reply.evalue).toMatch(notInNotebook);
      }
    } finally {
      await kernel.shutdown();
      await copy.remove();
    }
  });

  test('by TypeScript: the lines that tsc names are those of the warnings', async () => {
    const copy = await copyCheckout();
    const file = join(copy.folder, 'labs', `${LAB}.ts`);
    await writeFile(
      join(copy.folder, 'tsconfig.one.json'),
      JSON.stringify({ extends: './tsconfig.json', include: [], files: [file] }),
    );
    const warnings = await typeWarningsOf(files.map(({ name }) => join(placeOf(name), 'labs', `${LAB}.ts`)));
    try {
      for (const { name, bytes, loads, stricter, typeErrors = [] } of files) {
        if (!loads || stricter) continue;
        await writeFile(file, bytes);
        const tsc = join(rootFolder(), 'node_modules/typescript/bin/tsc');
        const { stdout } = await execa(process.execPath, [tsc, '-p', 'tsconfig.one.json'], {
          cwd: copy.folder,
          reject: false,
        });
        const told = warnings.get(join(placeOf(name), 'labs', `${LAB}.ts`)) ?? [];
        expect([name, linesIn(told), linesIn(stdout.split('\n'))]).toEqual([name, typeErrors, typeErrors]);
      }
    } finally {
      await copy.remove();
    }
  });
});

const lab = async (args: string[], env: Record<string, string> = {}) => {
  const { stdout, stderr } = await execa(process.execPath, [join(rootFolder(), 'kit/cli.ts'), ...args], {
    cwd: rootFolder(),
    env: { LAB_SERVERS: 'local', STORELAB_ROOT: rootFolder(), NO_COLOR: '1', ...env },
    reject: false,
  });
  return { stdout, stderr };
};
