import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootFolder } from '../../../kit/base/root.ts';
import { catalog } from '../../../src/catalog.ts';
import { zipOf } from './support/handed-in.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storelab-render-'));
});
afterAll(() => rm(folder, { recursive: true }));

const render = (...args: string[]) =>
  execa(process.execPath, ['kit/cli.ts', 'answers', 'render', ...args], { cwd: rootFolder(), reject: false });

describe('./lab answers render', () => {
  it('makes one page of all worked answers, without a broken link', async () => {
    const out = join(folder, 'worked.html');
    const { exitCode, stderr, stdout } = await render('--out', out);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`${catalog.length} answers in`);
    const html = await readFile(out, 'utf8');
    for (const { id, title } of catalog) {
      expect(html).toContain(`<section id="${id}">`);
      expect(html).toContain(`>${id.slice(0, 2)} ${title}</h2>`);
    }
  });

  it('takes one lab', async () => {
    const out = join(folder, 'one.html');
    expect((await render('--lab', '3', '--out', out)).stdout).toContain('1 answer in');
    expect((await readFile(out, 'utf8')).match(/<section /g)).toHaveLength(1);
  });

  it("renders a student's folder or archive, and says where a link is broken", async () => {
    const markdown = '# Mine\n\n[x](#gone) <b>\n';
    await mkdir(join(folder, 'Zoë/tp/answers'), { recursive: true });
    await writeFile(join(folder, 'Zoë/tp/answers/03-hset-mapping.md'), markdown);
    await writeFile(join(folder, 'Ben.zip'), await zipOf({ 'answers/03-hset-mapping.md': markdown }));
    for (const [name, student] of [
      ['Zoë', 'Zoë'],
      ['Ben.zip', 'Ben'],
    ] as const) {
      const out = join(folder, `${student}.html`);
      const { exitCode, stderr } = await render(join(folder, name), '--out', out);
      expect(exitCode).toBe(1);
      expect(stderr).toBe('answers/03-hset-mapping.md:3: the link to "#gone" leads to no heading.');
      const html = await readFile(out, 'utf8');
      expect(html).toContain(`<h1>Answers of ${student}</h1>`);
      expect(html).toContain('Nothing illustrates the answer');
      expect(html).not.toContain('<b>');
    }
  });

  it('shows no comment, leaves a footnote alone, and reads lines that end in CR', async () => {
    await mkdir(join(folder, 'ada/answers'), { recursive: true });
    const noted = '# 06\n\n<!-- note to self -->\n\n## Your answer\n\nSee[^1].\n\n[^1]: Redis\n';
    const cr = '# 10\r\r## Your answer\r\rText\r\r```ts\rconst a = 1;\r```\r';
    await writeFile(join(folder, 'ada/answers/06-cache-aside.md'), noted);
    await writeFile(join(folder, 'ada/answers/10-leaderboard.md'), cr);
    const out = join(folder, 'ada.html');
    const { exitCode, stderr } = await render(join(folder, 'ada'), '--out', out);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const html = await readFile(out, 'utf8');
    expect(html).not.toContain('note to self');
    expect(html).not.toContain('never closed');
    expect(html).toContain('[^1]: Redis');
  });

  it('says where there is no answer, and where there is nothing at all', async () => {
    await mkdir(join(folder, 'empty'));
    expect((await render(join(folder, 'empty'))).stderr).toMatch(/empty holds no written answer\. Missing: /);
    expect((await render(join(folder, 'nobody'))).stderr).toMatch(
      /^There is no .*nobody: name the folder or the archive/,
    );
  });
});
