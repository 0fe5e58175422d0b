import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { rootFolder } from '../../src/root.ts';

let copy: string;

/** A checkout of its own, so that the progress of whoever runs the tests stays untouched. */
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'storelab-cli-'));
  for (const part of [
    'src',
    'test',
    'labs',
    'answers',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ]) {
    await cp(join(rootFolder(), part), join(copy, part), { recursive: true });
  }
  await symlink(join(rootFolder(), 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rm(copy, { recursive: true, force: true }));

async function lab(args: string[], env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr, signal, originalMessage } = await execa(
    process.execPath,
    ['src/cli.ts', ...args],
    {
      cwd: copy,
      env: { LAB_SERVERS: 'local', STORELAB_ROOT: copy, NO_COLOR: '1', ...env },
      reject: false,
    },
  );
  if (exitCode === undefined) throw new Error(`ended by ${signal}: ${originalMessage} ${stderr}`);
  return { exitCode, stdout, stderr };
}

describe('./lab', () => {
  test('lists the labs and names the next command', async () => {
    const { stdout, exitCode } = await lab([]);
    expect(exitCode).toBe(0);
    for (const { id, title } of catalog)
      expect(stdout).toMatch(new RegExp(`${id.slice(0, 2)} {2}${title} +not checked yet`));
    expect(stdout).toContain('./lab 01 walks through it');
  });

  test('hint gives one more each time, then names the answer', async () => {
    const { hints } = catalog[0]!;
    for (const [i, hint] of hints.entries()) {
      const { stdout } = await lab(['hint', '01']);
      expect(stdout).toContain(`${i + 1}. ${hint}`);
      for (const later of hints.slice(i + 1)) expect(stdout).not.toContain(later);
    }
    expect((await lab(['hint', '1'])).stdout).toContain(
      'That was the last hint. The worked answer: ./lab answer 01',
    );
  });

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

  test('01 plays every step with the stub, says what is not written, and goes on', async () => {
    const { stdout, exitCode } = await lab(['01', '--all'], { LABS: 'labs' });
    expect(exitCode).toBe(1);
    expect(stdout).toContain(catalog[0]!.question);
    expect(stdout).toMatch(/MySQL +│ +100/);
    expect(stdout).toContain('Not written yet. TODO: write waitForMysql in labs/01-initial-sync.ts.');
    expect(stdout).toContain('5. A second start');
  }, 60_000);

  test('01 with the worked answers draws the wire view and ends with full points', async () => {
    const { stdout, exitCode } = await lab(['01', '--all'], { LABS: 'answers' });
    expect(stdout).toContain('waitForMysql used 1 attempt(s).');
    expect(stdout).toContain('HSET order:1');
    expect(stdout).toContain('28 of 28 points');
    expect(exitCode).toBe(0);
  }, 60_000);

  test('keeps the best points, and a damaged progress file aside', async () => {
    await cp(join(rootFolder(), '.answers/01-initial-sync.ts'), join(copy, 'labs/01-initial-sync.ts'));
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

  test('01 names file, line and text of a syntax error', async () => {
    await mkdir(join(copy, 'broken'), { recursive: true });
    await writeFile(join(copy, 'broken/01-initial-sync.ts'), 'export const a = 1;\nexport const b = {;\n');
    const { stderr, exitCode } = await lab(['01', '--all'], { LABS: join(copy, 'broken') });
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('broken/01-initial-sync.ts: Your file does not load.'),
    ]);
    expect(stderr).toContain('Line 2: export const b = {;');
  });

  test('check says a sentence once, however many checks it is true of', async () => {
    const { stdout } = await lab(['check', '01'], { LABS: join(copy, 'broken') });
    expect(stdout.split('Your file does not load').length).toBe(2);
    expect(stdout).toContain('As above.');
  });

  test('says what an unknown command or lab is', async () => {
    expect((await lab(['chekc'])).stderr).toContain("unknown command 'chekc'");
    expect((await lab(['77'])).stderr).toContain('There is no lab "77"');
  });
});
