// needs: answers
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootFolder } from '../../../kit/base/root.ts';
import { templateOf } from '../../../kit/class/written/template.ts';
import { labsNamed } from '../../../kit/judge/labs-named.ts';
import { filesOf } from '../../../kit/release/build-edition.ts';
import { findLeaks } from '../../../kit/release/find-leaks.ts';
import { whyLeftOut } from '../../../kit/release/left-out.ts';
import { needsOf, unmetNeed } from '../../../kit/release/needs.ts';
import { release } from '../../../kit/release/release.ts';
import { studentsCatalog } from '../../../kit/release/students-catalog.ts';
import { studentsReadme } from '../../../kit/release/students-readme.ts';
import { catalog } from '../../../src/catalog.ts';

const root = rootFolder();
let place: string;
let whole: string;
let part: string;

/** A commit of the checkout as it is now, so that the edition is made of what these tests try. */
async function commitOfNow(): Promise<string> {
  const index = join(place, 'index');
  const git = async (...words: string[]) =>
    (await execa('git', words, { cwd: root, env: { GIT_INDEX_FILE: index } })).stdout;
  await git('read-tree', 'HEAD');
  await git('add', '--all');
  const tree = await git('write-tree');
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
  return git(...who, 'commit-tree', tree, '-p', 'HEAD', '-m', 'now');
}

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'storelab-release-'));
  const commit = await commitOfNow();
  whole = join(place, 'whole');
  part = join(place, 'new', 'part');
  await mkdir(whole);
  await release(whole, { root, labs: [...catalog], commit });
  await release(part, { root, labs: labsNamed('02,04'), commit });
  for (const folder of [whole, part]) await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
}, 60_000);
afterAll(() => rm(place, { recursive: true, force: true }));

const read = (folder: string, path: string) => readFile(join(folder, path), 'utf8');

async function lab(folder: string, args: string[], env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['kit/cli.ts', ...args], {
    cwd: folder,
    env: { LAB_SERVERS: 'local', STORELAB_ROOT: folder, NO_COLOR: '1', LABS: 'labs', ...env },
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

describe('release()', () => {
  it('writes every lab: its notebook, stub, checks, and a template for the answer', async () => {
    for (const entry of catalog) {
      const { id } = entry;
      expect(await read(whole, `labs/${id}.ts`)).toBe(await read(root, `labs/${id}.ts`));
      expect(await read(whole, `stubs/${id}.ts`)).toBe(await read(whole, `labs/${id}.ts`));
      expect(await read(whole, `answers/${id}.md`)).toBe(templateOf(entry));
      expect(existsSync(join(whole, `notebooks/${id}.ipynb`))).toBe(true);
      expect(existsSync(join(whole, `test/${id}.test.ts`))).toBe(true);
    }
  });

  it('leaves out solutions, hidden checks, benchmarks, what teachers run, and history', async () => {
    const gone = ['wrong', 'right', 'hidden', 'hostile', 'long'].map((name) => `test/${name}`);
    for (const path of [
      ...gone,
      'bench',
      'docs',
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      '.ci',
      '.git',
      '.answers',
      'kit/release',
      'kit/class',
      'kit/prove/kept',
      'kit/prove/new-lab',
      'test/kit/class',
    ])
      expect(existsSync(join(whole, path)), path).toBe(false);
    const commands = await readdir(join(whole, 'kit/commands'));
    for (const name of ['release.ts', 'grade.ts', 'new.ts']) expect(commands).not.toContain(name);
    for (const path of await filesOf(join(whole, 'test')))
      expect(
        unmetNeed(
          await read(join(whole, 'test'), path),
          catalog.map(({ id }) => id),
        ),
        path,
      ).toBe(undefined);
  });

  it('keeps ./lab executable, and says what it is', async () => {
    const { stdout } = await execa('./lab', ['--help'], { cwd: whole });
    expect(stdout).not.toContain('release');
    const edition = JSON.parse(await read(whole, 'EDITION.json'));
    expect(edition.labs).toEqual(catalog.map(({ id }) => id));
    expect(edition.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(Object.keys(edition)).toEqual(['version', 'commit', 'labs', 'madeAt']);
  });

  it('holds labs of a part alone, and nothing that names the others as files', async () => {
    expect(await readdir(join(part, 'labs'))).toEqual(['02-read-orders.ts', '04-delete-orders.ts']);
    expect((await filesOf(part)).filter((path) => /\b0[135]-[a-z]/.test(path))).toEqual([
      'docker/initdb/01-store.sql',
    ]);
    expect((await lab(part, [])).stdout).toMatch(/02 {2}Reading orders[\s\S]*04 {2}Deleting orders/);
    expect((await lab(part, ['check', '01'])).stderr).toContain(
      'There is no lab "01". The labs: 02-read-orders, 04-delete-orders.',
    );
    const readme = await read(part, 'README.md');
    expect(readme).toContain('./lab check 02');
    expect(readme).not.toMatch(/\| 01 Initial|01-initial-sync|teachers/);
  });

  it('has types that hold, also without the other labs', async () => {
    const { stdout, exitCode } = await lab(part, ['types']);
    expect([exitCode, stdout]).toEqual([0, expect.anything()]);
  }, 120_000);

  it('grades: the stub has no points', async () => {
    const { stdout, exitCode } = await lab(part, ['check', '02', '--json']);
    const [result] = JSON.parse(stdout).labs;
    expect([exitCode, result.points]).toEqual([1, 0]);
    expect(result.maxPoints).toBeGreaterThan(0);
    for (const { outcome } of result.checks) expect(outcome).toBe('failed');
  }, 60_000);

  it('proves one lab, as far as it holds it', async () => {
    const { stdout, exitCode } = await lab(part, ['test', '04', '--no-notebook']);
    expect(stdout.match(/^ {2}✗ .*/gm) ?? [], stdout).toEqual([]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('✓ labs/04-delete-orders.ts, the stub, scores nothing: 0 of 38');
    expect(stdout).not.toContain('answers/');
  }, 120_000);

  it('says that worked answers and commands of teachers are not part of it', async () => {
    const answer = await lab(whole, ['answer', '01']);
    expect([answer.exitCode, answer.stdout]).toEqual([1, '']);
    expect(answer.stderr).toContain("The worked answer of lab 01 is not part of this students' edition");
    expect((await lab(whole, ['check', '01'], { LABS: 'answers' })).stderr).toContain(
      "The worked answers are not part of this students' edition",
    );
    expect((await lab(whole, ['release', 'x'])).stderr).toContain("./lab release is a teacher's");
  });

  it('refuses a folder that holds something, or that lies in the kit, and changes nothing', async () => {
    const full = join(place, 'full');
    await mkdir(full);
    await writeFile(join(full, 'mine.txt'), 'mine');
    await expect(release(full, { root, labs: catalog })).rejects.toThrow(/is not empty .it holds mine.txt/);
    expect(await readdir(full)).toEqual(['mine.txt']);
    await expect(release(join(root, 'edition'), { root, labs: catalog })).rejects.toThrow('lies in this kit');
    expect(existsSync(join(root, 'edition'))).toBe(false);
  });

  it('writes nothing where the edition would leak an answer, and names the file', async () => {
    const clone = join(place, 'clone');
    await execa('git', ['clone', '-q', '--no-hardlinks', root, clone]);
    const answer = await read(clone, 'answers/01-initial-sync.md');
    const code = /```ts\n([\s\S]*?)```/.exec(answer.slice(answer.indexOf('syncAllOrders')))![1]!;
    await writeFile(join(clone, 'src/leak.ts'), code.replaceAll(/^/gm, '   '));
    const who = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
    await execa('git', ['add', '-A'], { cwd: clone });
    await execa('git', [...who, 'commit', '-qm', 'leak'], { cwd: clone });
    const out = join(place, 'leaky', 'edition');
    await expect(release(out, { root: clone, labs: catalog })).rejects.toThrow(
      'src/leak.ts repeats answers/01-initial-sync.md',
    );
    expect(existsSync(join(place, 'leaky'))).toBe(false);
  });

  it('leaves nothing where it is interrupted, and clears what a killed run has left', async () => {
    const parent = join(place, 'interrupted');
    await mkdir(join(parent, '.edition.999999999.part'), { recursive: true });
    const words = ['kit/cli.ts', 'release', join(parent, 'edition')];
    const running = execa(process.execPath, words, {
      cwd: root,
      env: { STORELAB_ROOT: root },
      reject: false,
    });
    await expect.poll(() => readdir(parent), { interval: 1 }).toContain(`.edition.${running.pid}.part`);
    running.kill('SIGINT');
    await running;
    const left = await readdir(parent);
    // It may have been done just before.
    expect([[], ['edition']]).toContainEqual(left);
  }, 30_000);

  it('leaves nothing beside the folder', async () => {
    expect(await readdir(join(place, 'new'))).toEqual(['part']);
    expect((await readdir(place)).filter((name) => name.includes('.part'))).toEqual([]);
  });
});

describe('labsNamed()', () => {
  const numbers = (asked?: string) => labsNamed(asked).map(({ id }) => Number(id.slice(0, 2)));

  it('takes ranges and single labs, in the order of the catalogue', () => {
    expect(numbers('01-03')).toEqual([1, 2, 3]);
    expect(numbers('04, 1')).toEqual([1, 4]);
    expect(numbers('02-read-orders')).toEqual([2]);
    expect(numbers()).toEqual(catalog.map(({ id }) => Number(id.slice(0, 2))));
  });

  it('refuses labs that are none', () => {
    expect(() => labsNamed('01,77')).toThrow('There is no lab "77"');
    expect(() => labsNamed('03-01')).toThrow('write 01-03');
  });
});

describe('findLeaks()', () => {
  const code =
    'const page = await read(after);\nlet last = page.at(-1);\nafter = last.id;\nawait write(page, last);\n';
  const solutions = [{ path: 'answers/01.md', text: `Prose.\n\n\`\`\`ts\n${code}\`\`\`\n` }];
  const leaks = (path: string, text: string, stub = '') =>
    findLeaks([{ path, text }], { solutions, stubs: [{ path: 'labs/01.ts', text: stub }] });

  it('finds four lines in a row, however they are indented and commented', () => {
    expect(leaks('a.ts', `// begin\n    ${code.replaceAll('\n', '\n\n  // why\n   ')}`)).toEqual([
      'a.ts repeats answers/01.md: const page = await read(after);',
    ]);
    expect(leaks('a.ts', code.split('\n').slice(0, 3).join('\n'))).toEqual([]);
  });

  it('finds them in the cells and the outputs of a notebook', () => {
    const lines = code.split('\n').map((line) => `${line}\n`);
    const cells = (source: string[], text: string[]) =>
      JSON.stringify({ cells: [{ source, outputs: [{ text }] }] });
    expect(leaks('a.ipynb', cells(lines, []))).toHaveLength(1);
    expect(leaks('a.ipynb', cells([], [code]))).toHaveLength(1);
  });

  it('leaves out what the stub has', () => {
    expect(leaks('a.ts', code, 'after = last.id;')).toEqual([]);
  });
});

describe('whyLeftOut()', () => {
  const labs = ['01-initial-sync'];

  it('leaves out hidden checks, other labs, and files that need answers', () => {
    expect(whyLeftOut('test/hidden/01-initial-sync.test.ts', '', { labs })).toBe('hidden checks');
    expect(whyLeftOut('CONTRIBUTING.md', '', { labs })).toContain('change log and guide');
    expect(whyLeftOut('labs/02-read-orders.ts', '', { labs })).toBe('lab 02-read-orders');
    expect(whyLeftOut('test/kit/a.test.ts', '// needs: answers\n', { labs })).toBe('files that need answers');
    expect(whyLeftOut('test/kit/a.test.ts', '// needs: lab 01\n', { labs })).toBe(undefined);
    expect(whyLeftOut('test/kit/a.test.ts', '// needs: lab 02\n', { labs })).toBe('files that need lab 02');
  });

  it('refuses a need that it does not know', () => {
    expect(needsOf('// needs: answers, lab 01\n')).toEqual(['answers', 'lab 01']);
    expect(() => unmetNeed('// needs: a quiet machine\n', labs)).toThrow('means nothing to a release');
  });
});

describe('studentsCatalog()', () => {
  it('keeps comments and the entries of these labs', async () => {
    const text = await read(root, 'src/catalog.ts');
    expect(
      studentsCatalog(
        text,
        catalog.map(({ id }) => id),
      ),
    ).toBe(text);
    const one = studentsCatalog(text, ['03-hset-mapping']);
    expect(one.match(/^ {4}id: .*$/gm)).toEqual(["    id: '03-hset-mapping',"]);
    expect(one).toContain('/** The labs in the order in which they are taught. */');
  });
});

describe('studentsReadme()', () => {
  it('drops what is for teachers and shows what is for students', () => {
    const text =
      'a\n<!-- teachers -->\nb\n<!-- /teachers -->\nc <!-- teachers -->\n<!-- students\nd\n-->\n| 01 One |\n| 02 Two |\n`./lab check 01`';
    expect(studentsReadme(text, ['02-read-orders'])).toBe('a\nd\n| 02 Two |\n`./lab check 02`');
  });

  it('drops a section whose labs are not there', () => {
    const text =
      '<!-- labs 01 02 -->\nthe shop\n<!-- /labs -->\n<!-- labs 06 -->\nthe game\n<!-- /labs -->\nend';
    expect(studentsReadme(text, ['02-read-orders'])).toBe('the shop\nend');
    expect(studentsReadme(text, ['02-read-orders', '06-cache-aside'])).toBe('the shop\nthe game\nend');
  });
});
