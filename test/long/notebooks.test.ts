import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { extractAnswer } from '../../kit/judge/extract-answers.ts';
import { catalog } from '../../src/catalog.ts';
import { launchChromium } from './support/chromium.ts';
import { NotebookPage } from './support/notebook-page.ts';
import { savePicture } from './support/pictures.ts';
import { copyProject, type ProjectCopy } from './support/project-copy.ts';
import { type RunningLab, startLab } from './support/running-lab.ts';

/** Lab 01 has a test of its own, with everything that is the same in each notebook. */
const labs = catalog.slice(1).map(({ id }) => id);

/** What `lineChart` publishes for JupyterLab. */
const VEGA = 'application/vnd.vegalite.v5+json';

/** The most telling part of each: the cell with this text, from a line of its code on. */
const pictures: Record<string, { cell: string; line: string; height: number }> = {
  '02-read-orders': { cell: 'own.latencyWhile', line: 'const byKeys', height: 1000 },
  '03-hset-mapping': { cell: 'const sixLine', line: 'const sixLine', height: 1010 },
  '04-delete-orders': { cell: 'throwAwayRedis()', line: 'const million = {', height: 944 },
  '05-best-sellers': { cell: 'const ways', line: 'lineChart({', height: 960 },
  '06-cache-aside': { cell: 'const mineLine', line: 'lineChart({', height: 1107 },
  '07-write-through': { cell: 'const truth', line: 'await pause(100)', height: 930 },
  '08-write-behind': { cell: 'runFlusher(lab', line: 'await mine.runFlusher', height: 850 },
  '09-invalidation': { cell: 'const fenced', line: 'const fenced', height: 800 },
  '10-leaderboard': { cell: 'twelveRounds(', line: 'async function twelveRounds', height: 940 },
};

let copy: ProjectCopy;
let lab: RunningLab;
let browser: Browser;

beforeAll(async () => {
  copy = await copyProject();
  for (const id of labs) await copyFile(await extractAnswer(id), join(copy.root, 'labs', `${id}.ts`));
  [lab, browser] = await Promise.all([startLab(copy), launchChromium()]);
}, 300_000);

afterAll(async () => {
  await browser?.close();
  lab?.child.kill('SIGINT');
  await lab?.child;
  await copy?.remove();
}, 60_000);

interface CodeCell {
  cell_type: string;
  source: string[];
  outputs?: { output_type: string; name?: string; evalue?: string; data?: Record<string, unknown> }[];
}

/** The code cells as the notebook's file has them. */
async function savedCells(
  id: string,
): Promise<{ source: string; outputs: NonNullable<CodeCell['outputs']> }[]> {
  const { cells } = JSON.parse(await readFile(join(copy.root, `notebooks/${id}.ipynb`), 'utf8'));
  return (cells as CodeCell[])
    .filter(({ cell_type }) => cell_type === 'code')
    .map(({ source, outputs = [] }) => ({ source: source.join(''), outputs }));
}

test.each(labs)(
  'the notebook %s runs to full points with the worked answer, and draws its charts',
  async (id) => {
    // A workspace without the tabs of the notebooks before.
    const url = `${lab.url.replace(catalog[0]!.id, id)}&reset`;
    const notebook = await NotebookPage.open(browser, url);
    const { page } = notebook;
    await page.locator('.lm-TabBar-tab.jp-mod-current', { hasText: `${id}.ipynb` }).waitFor();
    await notebook.runAll();
    const last = notebook.cell(`check('${id.slice(0, 2)}')`);
    await last.locator('.jp-InputPrompt', { hasText: /\[\d+\]/ }).waitFor({ timeout: 360_000 });
    await expect.poll(() => notebook.output(last).innerText()).toMatch(/\b([1-9]\d*) of \1 points/);
    expect(await page.getByText(/^Not written yet/).count()).toBe(0);

    await notebook.save();
    const cells = await savedCells(id);
    const errors = cells
      .flatMap(({ outputs }) => outputs)
      .filter(({ output_type }) => output_type === 'error');
    expect(errors).toEqual([]);
    const charts = cells.flatMap(({ outputs }) => outputs).filter(({ data }) => data?.[VEGA]).length;
    expect(charts).toBeGreaterThanOrEqual(
      Math.max(1, cells.filter(({ source }) => source.includes('lineChart({')).length),
    );
    const drawn = page.locator('.jp-OutputArea .vega-embed').locator('canvas, svg.marks');
    await expect.poll(() => drawn.count()).toBe(charts);
    for (const chart of await drawn.all()) {
      const box = await chart.boundingBox();
      expect(box?.width).toBeGreaterThan(500);
      expect(box?.height).toBeGreaterThan(250);
    }

    const { cell, line, height } = pictures[id]!;
    await notebook.cell(cell).scrollIntoViewIfNeeded();
    const top = notebook.cell(cell).locator('.cm-line', { hasText: line }).first();
    await savePicture(`lab-${id.slice(0, 2)}`, (path) => notebook.picture(path, top, { height }));
    await page.close();
  },
  420_000,
);
