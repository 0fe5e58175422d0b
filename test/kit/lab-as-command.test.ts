// needs: lab 01
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { committedStub } from '../../kit/judge/committed-stub.ts';
import { fileOf } from '../../kit/judge/submission.ts';
import { descendants, stillRunning } from '../../kit/setup/descendants.ts';
import { catalog } from '../../src/catalog.ts';
import { startKernel } from './support/kernel-client.ts';
import { kernelFolder } from './support/kernel-folder.ts';
import { until } from './support/until.ts';

const shared = ['src', 'apps', 'kit', 'node_modules', 'package.json', 'package-lock.json'];
const file = 'labs/01-initial-sync.ts';
let root: string;
let temporary: string;

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'storelab-test-')));
  temporary = join(root, 'tmp');
  for (const name of ['tmp', 'labs', 'todo', 'waits']) mkdirSync(join(root, name));
  for (const name of shared) symlinkSync(join(rootFolder(), name), join(root, name));
  copyFileSync(join(rootFolder(), 'lab'), join(root, 'lab'));
  copyFileSync(await fileOf(await committedStub('01-initial-sync'), '01-initial-sync'), join(root, file));
  const of = (body: string) =>
    ['waitForMysql', 'syncAllOrdersToRedis', 'startStoreManager']
      .map((name) => `export async function ${name}() { ${body} }\n`)
      .join('');
  writeFileSync(join(root, 'todo/01-initial-sync.ts'), of("throw new Error('TODO: write it');"));
  writeFileSync(
    join(root, 'waits/01-initial-sync.ts'),
    of('setInterval(() => {}, 1000); await new Promise(() => {});'),
  );
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Runs a program in the checkout's copy, on servers of its own, with the labs of this folder. */
function run(program: string, args: readonly string[], { labs = 'todo', cwd = root } = {}) {
  return execa(program, args, {
    cwd,
    stdin: 'ignore',
    all: true,
    reject: false,
    env: {
      LABS: join(root, labs),
      LAB_SERVERS: 'local',
      TMPDIR: temporary,
      NO_COLOR: '1',
      STORELAB_ROOT: undefined,
      INIT_CWD: undefined,
    },
  });
}
const node = process.execPath;
const tsx = join(rootFolder(), 'node_modules/.bin/tsx');
/** As a Node older than 22.15, which cannot hand over. */
const withoutExecve = ['--import', 'data:text/javascript,process.execve = undefined'];

describe('a lab file that is started as a program', () => {
  test('is played as ./lab plays it, by npx tsx and by node', async () => {
    const asked = await run(join(root, 'lab'), ['01', '--all']);
    expect(asked.exitCode).toBe(1); // nothing is written yet
    expect(asked.all).toContain('5. A second start');
    for (const [program, ...words] of [['npx', 'tsx'], [node]] as const) {
      const { all, exitCode } = await run(program, [...words, file, '--all']);
      expect({ all, exitCode }, [program, ...words].join(' ')).toEqual({
        all: asked.all,
        exitCode: asked.exitCode,
      });
    }
  }, 120_000);

  test('is found from any folder, and hands its options over', async () => {
    const cwd = join(root, 'labs');
    for (const [program, ...words] of [[tsx], [node], [node, ...withoutExecve]] as const) {
      const { all, exitCode } = await run(program, [...words, '01-initial-sync.ts', '--nonsense'], { cwd });
      expect([all, exitCode]).toEqual([expect.stringContaining("unknown option '--nonsense'"), 1]);
    }
  });

  test.each([
    ['SIGINT', 'tsx', tsx, []],
    ['SIGTERM', 'tsx', tsx, []],
    ['SIGINT', 'a Node that cannot hand over', node, withoutExecve],
    ['SIGTERM', 'a Node that cannot hand over', node, withoutExecve],
  ] as const)('leaves nothing behind after %s to %s', async (signal, _, program, words) => {
    const child = run(program, [...words, file, '--all'], { labs: 'waits' });
    let seen = '';
    let ended = false;
    child.all.on('data', (text) => {
      seen += text;
    });
    void child.finally(() => {
      ended = true;
    });
    await until(
      () => ended || seen.includes('2. Is MySQL there?'),
      () => `the lab did not come to its second step: ${seen}`,
    );
    expect(seen).toContain('2. Is MySQL there?');
    const family = await descendants(child.pid!);
    expect(family.length).toBeGreaterThan(4);
    child.kill(signal);
    await expect.poll(() => stillRunning(family), { message: `after ${seen}` }).toEqual([]);
    const folders = async () => (await readdir(temporary)).filter((name) => name.startsWith('storelab-'));
    await expect.poll(folders).toEqual([]);
  });
});

describe('a lab file', () => {
  test('runs nothing where a program imports it', async () => {
    const { all } = await run(node, ['-e', `import('./${file}').then(() => console.log('imported'))`]);
    expect(all).toBe('imported');
  });

  test('runs nothing in a notebook', async () => {
    const asCommand = 'src/lab/as-command.ts';
    const folder = await kernelFolder({
      [asCommand]: await readFile(join(rootFolder(), asCommand), 'utf8'),
      'labs/01-mine.ts': "import '../src/lab/as-command.ts';\nexport const seven = 7;\n",
    });
    const kernel = await startKernel({ root: folder.root });
    const { result, stdout, stderr } = await kernel.execute("import { seven } from './labs/01-mine'; seven");
    await kernel.shutdown();
    await folder.remove();
    expect([result, stdout, stderr]).toEqual(['7', '', '']);
  });

  test('runs nothing where it does not lie in labs/', async () => {
    cpSync(join(root, 'labs'), join(root, 'stubs'), { recursive: true });
    const { all, exitCode } = await run(tsx, ['stubs/01-initial-sync.ts']);
    expect([all, exitCode]).toEqual(['', 0]);
  });

  test.each(catalog.map(({ id }) => id))('%s says how it is started', async (id) => {
    const text = await readFile(await fileOf(await committedStub(id), id), 'utf8');
    expect(text).toContain(`import '../src/lab/as-command.ts'; // \`npx tsx labs/${id}.ts\` plays this lab`);
  });
});
