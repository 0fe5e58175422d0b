// needs: answers
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processes } from '../../kit/base/processes.ts';
import { change, writePingLab } from '../kit/prove/support/ping-lab.ts';
import { type CheckoutCopy, copyCheckout } from '../kit/support/checkout-copy.ts';

// A lab from nothing to proved, and away again, in a checkout of its own: each test goes on where the last one ended.
let copy: CheckoutCopy;
const git = (...words: string[]) => execa('git', words, { cwd: copy.folder });
const changed = async () => (await git('status', '--porcelain')).stdout;
const at = (path: string) => join(copy.folder, path);

beforeAll(async () => {
  copy = await copyCheckout(['notebooks', 'README.md', 'biome.json', 'tsconfig.kernel.json', '.gitignore']);
  await git('init', '-q');
  await git('add', '-A');
  await git('-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '-qm', 'now');
}, 60_000);
afterAll(() => copy?.remove());

describe('./lab new', () => {
  test('refuses a number that is taken, and changes nothing', async () => {
    const { exitCode, stderr } = await copy.lab(['new', '07-ping', 'Ping']);
    expect([exitCode, stderr]).toEqual([1, 'Number 07 is taken by 07-write-through: 11 is free.']);
    expect(await changed()).toBe('');
  });

  test('writes the files of a lab, which say what is still to write', async () => {
    const { exitCode, stdout, stderr } = await copy.lab(['new', '99-ping', 'Ping', '--world', 'market']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect((await git('diff', '--', 'src/catalog.ts')).stdout).toContain("+    world: 'market',\n+  },\n ];");
    for (const line of (await changed()).split('\n'))
      expect(stdout).toContain(line.slice(3).replace(/\/$/, ''));
    const test = await copy.lab(['test', '99', '--no-notebook']);
    expect(test.exitCode).toBe(1);
    for (const sentence of [
      'no hints yet',
      'answers/99-ping.md is written\n      line 3: write the question',
      'line 7: write the worked answer (it says TODO)',
      'no experiment yet',
      'test/sentences/99-ping.ts, line 5: number the sentences of the contract',
      'README.md lists 99-ping with its points\n      table of labs: write the question',
      '✓ types of 99-ping hold with the current TypeScript',
      '✓ style of 99-ping',
      '✓ labs/99-ping.ts, the stub, scores nothing: 0 of 1',
    ])
      expect(test.stdout).toContain(sentence);
  }, 180_000);
});

describe('./lab test 99', () => {
  test('proves the lab once it is written', async () => {
    await writePingLab(copy.folder);
    const { exitCode, stdout } = await copy.lab(['test', '99', '--no-notebook']);
    expect(stdout.match(/^ {2}✗ .*/gm) ?? [], stdout).toEqual([]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('✓ answers/99-ping.md scores full points: 1 of 1');
    expect(stdout).toContain('✓ test/wrong/99-ping.ts, lower-case fails 99.ping.reply');
    expect(stdout).toContain('✓ sentence 1 of 99-ping is checked: It resolves to what Redis replies.');
    expect(stdout).toMatch(/\d+ passed, 0 failed/);
  }, 180_000);

  test('--watch says at a save what fell, what holds again, and leaves nothing behind', async () => {
    const watch = execa(process.execPath, ['kit/cli.ts', 'test', '99', '--watch', '--checks-only'], {
      cwd: copy.folder,
      env: { LAB_SERVERS: 'local', STORELAB_ROOT: copy.folder, NO_COLOR: '1' },
      reject: false,
    });
    let said = '';
    watch.stdout.on('data', (chunk) => {
      said += chunk;
    });
    const until = (text: string | RegExp) =>
      expect.poll(() => said, { timeout: 120_000, interval: 100 }).toMatch(text);
    try {
      await until(/Lab 99: \d+ hold, 0 do not/);
      said = '';
      await change(at('answers/99-ping.md'), [[/return redis.ping\(\)/, "return 'pong'"]]);
      await until('fell: answers/99-ping.md scores full points');
      expect(said).toContain('answers/99-ping.md saved: Lab 99 again');
      expect(said).toContain(
        '✗ fell: the solutions kept for 99-ping can be made\n      test/wrong/99-ping.ts, lower-case',
      );
      expect(said, 'the answer comes first').not.toContain('the stub, scores nothing');
      // In the middle of that run: the next begins.
      await change(at('answers/99-ping.md'), [[/return 'pong'/, 'return redis.ping()']]);
      await mkdir(at('test/wrong/99-ping'));
      await writeFile(
        at('test/wrong/99-ping/right.ts'),
        '// fails: 99.ping.reply\nexport const ping = () => "PONG";\n',
      );
      await until(/Lab 99: \d+ hold, 1 do not\n {2}✗ test\/wrong\/99-ping\/right.ts fails 99.ping.reply\n/);
      said = '';
      await rm(at('test/wrong/99-ping'), { recursive: true });
      await until(/Lab 99: \d+ hold, 0 do not/);
    } finally {
      watch.kill('SIGINT');
    }
    expect((await watch).exitCode, said).toBe(0);
    expect(processes().filter(({ args }) => args.includes(copy.folder))).toEqual([]);
  }, 300_000);
});

describe('./lab new --remove', () => {
  test('refuses a lab that git holds', async () => {
    const { exitCode, stderr } = await copy.lab(['new', '--remove', '07-write-through']);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('Git holds answers/07-write-through.md')]);
    expect(existsSync(at('labs/07-write-through.ts'))).toBe(true);
  });

  test('takes a lab away, and keeps its files aside', async () => {
    await mkdir(at('test/right/99-ping'), { recursive: true });
    await writeFile(at('test/right/99-ping/by-name.ts'), '// Another right way\n');
    const { exitCode, stdout } = await copy.lab(['new', '--remove', '99-ping']);
    expect(exitCode).toBe(0);
    expect(await changed()).toBe('');
    expect(existsSync(at('test/right/99-ping')), 'an empty folder stayed').toBe(false);
    const folder = /in (\.lab\/removed\/\S+)\.\n?$/.exec(stdout)![1]!;
    expect(await readdir(at(`${folder}/answers`))).toEqual(['99-ping.md']);
  });
});
