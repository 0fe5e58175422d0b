import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { extractAnswer } from '../../kit/judge/extract-answers.ts';
import { keptSolutions } from '../../kit/prove/kept/solutions.ts';
import { descendants, stillRunning } from '../../kit/setup/descendants.ts';
import { launchChromium } from './support/chromium.ts';
import { NotebookPage } from './support/notebook-page.ts';
import { savePicture } from './support/pictures.ts';
import { copyProject, type ProjectCopy } from './support/project-copy.ts';
import { type RunningLab, startLab } from './support/running-lab.ts';
import { terminalPicture } from './support/terminal-page.ts';

/** Each test goes on where the one before ended, as a learner does. */
let copy: ProjectCopy;
let lab: RunningLab;
let browser: Browser;
let notebook: NotebookPage;

const points = /\d+ of \d+ points/;
const file = '01-initial-sync.ts';

beforeAll(async () => {
  copy = await copyProject();
  [lab, browser] = await Promise.all([startLab(copy), launchChromium()]);
  notebook = await NotebookPage.open(browser, lab.url);
}, 300_000);

afterAll(async () => {
  await browser?.close();
  lab?.child.kill('SIGINT');
  await lab?.child;
  await copy?.remove();
}, 60_000);

/** The outputs that JupyterLab has saved, one text a cell. */
async function savedOutputs(): Promise<{ source: string; kind: string }[]> {
  await notebook.save();
  const saved = await readFile(join(copy.root, 'notebooks/01-initial-sync.ipynb'), 'utf8');
  const cells = JSON.parse(saved).cells as { source: string[]; outputs?: { output_type: string }[] }[];
  return cells.flatMap(({ source, outputs = [] }) =>
    outputs.map(({ output_type }) => ({ source: source[0] ?? '', kind: output_type })),
  );
}

test('a notebook with the stub runs to its end, and says which cells need code', async () => {
  await notebook.runAll();
  const check = notebook.cell("check('01')");
  await notebook.output(check).getByText('0 of 28 points').first().waitFor({ timeout: 120_000 });
  const wait = notebook.output(notebook.cell('waitForMysql(lab'));
  expect(await wait.innerText()).toMatch(/^Not written yet/);
  expect((await savedOutputs()).filter(({ kind }) => kind === 'error')).toEqual([]);
}, 150_000);

test('the lab file opens beside the notebook by the link in its text', async () => {
  const { page } = notebook;
  await page
    .locator('.jp-MarkdownCell a', { hasText: `labs/${file}` })
    .first()
    .click();
  await page.locator('.jp-FileEditor', { hasText: 'Lab 01: the initial sync' }).waitFor();
  await page.locator('.lm-TabBar-tab', { hasText: file }).locator('.lm-TabBar-tabCloseIcon').click();
  await page.locator('.jp-FileEditor').waitFor({ state: 'detached' });
});

test('an import takes the code saved while the kernel runs', async () => {
  await copyFile(await extractAnswer('01-initial-sync'), join(copy.root, 'labs', file));
  const cell = notebook.cell('waitForMysql(lab');
  await notebook.run(cell);
  expect(await notebook.output(cell).innerText()).toBe('MySQL answered at attempt 1.\n');
});

test('a notebook with the worked answer runs to full points, without an error', async () => {
  await notebook.runAll();
  const check = notebook.cell("check('01')");
  await notebook.output(check).getByText('28 of 28 points').first().waitFor({ timeout: 120_000 });
  const outputs = await savedOutputs();
  expect(outputs.filter(({ kind }) => kind === 'error')).toEqual([]);
  expect(outputs.length).toBeGreaterThan(14);
  expect(await notebook.output(notebook.cell('The first sync')).locator('svg[role="img"]').count()).toBe(1);

  const top = notebook.page.locator('.jp-MarkdownCell', { hasText: '5. The marker' });
  await savePicture('notebook', (path) => notebook.picture(path, top, { height: 1286 }));
  await notebook.theme('JupyterLab Dark');
  await savePicture('notebook-dark', (path) => notebook.picture(path, top, { height: 1286 }));
  await notebook.theme('JupyterLab Light');
}, 150_000);

test('a check that fails names the likely mistake and the values', async () => {
  const wrong = await keptSolutions('wrong', '01-initial-sync');
  const { path } = wrong.find(({ name }) => name === 'limit-9999')!;
  await copyFile(path, join(copy.root, 'labs', file));
  const cell = notebook.cell("check('01')");
  await notebook.run(cell);
  const output = notebook.output(cell);
  expect(await output.innerText()).toMatch(points);
  expect(await output.getByRole('img', { name: 'failed' }).count()).toBeGreaterThan(0);
  expect(await output.innerText()).toContain('expected');
  const top = notebook.page.locator('.jp-MarkdownCell', { hasText: '7. The checks' });
  await savePicture('check', (path) => notebook.picture(path, top, { height: 880 }));
}, 60_000);

test('the same lab is played and graded in a terminal', async () => {
  // The notebook and the terminal share the servers: an empty Redis makes the first sync a first one again.
  await notebook.run(await notebook.add('await redis.flushdb()'));
  await copyFile(join(rootFolder(), 'labs', file), join(copy.root, 'labs', file));
  const terminal = async (...args: string[]) => {
    const env = { LABS: 'answers', FORCE_COLOR: '1', TMPDIR: copy.temporary, STORELAB_ROOT: undefined };
    return String(
      (await execa(join(copy.root, 'lab'), args, { cwd: copy.root, stdin: 'ignore', env })).stdout,
    );
  };
  const played = await terminal('01', '--all');
  expect(stripVTControlCharacters(played)).toMatch(/What arrived[\s\S]+28 of 28 points/);
  expect(stripVTControlCharacters(await terminal('check', '01'))).toContain('28 of 28 points');
  const story = played.slice(0, played.lastIndexOf('\n', played.indexOf('What arrived')));
  await savePicture('terminal', (path) => terminalPicture(browser, `$ ./lab 01\n${story.trimEnd()}`, path));
}, 60_000);

test('an error is readable, and the next cells run', async () => {
  const broken = await notebook.add('const total = 19.99;\nconst order = JSON.parse(\'{ "id": 1, \');');
  await notebook.run(broken);
  const shown = await notebook.output(broken).innerText();
  expect(shown).toContain('---->   2 const order = JSON.parse');
  expect(shown).toContain('SyntaxError: Expected double-quoted property name in JSON');
  expect(shown).not.toMatch(/node:|node_modules|\/src\//);
  const next = await notebook.add('6 * 7');
  await notebook.run(next);
  expect(await notebook.output(next).innerText()).toMatch(/\b42$/);
});

test.each(['while (true) {}', 'while (true) { await null }', 'await new Promise(() => {})'])(
  'the stop button ends %s, and the next cell runs',
  async (code) => {
    const endless = await notebook.add(code);
    const before = await notebook.begin(endless);
    await endless.locator('.jp-InputPrompt', { hasText: '*' }).waitFor();
    await notebook.interrupt();
    await notebook.ended(endless, before);
    expect(await notebook.output(endless).innerText()).toContain('The cell was interrupted.');
    const next = await notebook.add('[1, 2, 3].length');
    await notebook.run(next);
    expect(await notebook.output(next).innerText()).toMatch(/\b3$/);
  },
);

test('Ctrl-C ends kernel, JupyterLab and servers, and leaves nothing', async () => {
  const family = await descendants(lab.child.pid!);
  expect(family.length).toBeGreaterThan(4);
  lab.child.kill('SIGINT');
  await lab.child;
  await expect.poll(() => stillRunning(family), { interval: 50 }).toEqual([]);
  // With containers the library's lock file stays, empty, for the next run.
  const left = async () => (await readdir(copy.temporary)).filter((name) => !name.endsWith('.lock'));
  await expect.poll(left).toEqual([]);
}, 60_000);
