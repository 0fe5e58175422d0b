import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { type CatalogEntry, catalog, findLab } from '../../src/catalog.ts';
import { rootFolder } from '../base/root.ts';
import { writeWhole } from '../base/write-whole.ts';
import { collectSubmission } from '../class/intake/collect.ts';
import { judgeAnswer } from '../class/written/judge-answer.ts';
import type { PageAnswer } from '../class/written/links.ts';
import { answersPage, type PageOptions } from '../class/written/page.ts';
import { printPdf } from '../class/written/print-pdf.ts';

interface Options {
  lab?: string;
  out?: string;
  pdf?: boolean;
}

/** `./lab answers render`: the worked answers, or a student's, as one page to read or to print. */
export function register(program: Command): void {
  const answers = program.command('answers').description('written answers as a document');
  answers
    .command('render')
    .description('the worked answers, or those of one submission, as one HTML page')
    .argument('[dir]', 'folder or archive of one student; without it, the worked answers')
    .option('--lab <lab>', 'only the answer of this lab')
    .option('--out <file>', 'where the page goes; a name that ends with .pdf makes a PDF')
    .option('--pdf', 'a PDF too, with Chromium')
    .action(render);
}

async function render(dir: string | undefined, options: Options): Promise<void> {
  const copies = await mkdtemp(join(tmpdir(), 'storelab-answers-'));
  await renderWith(copies, { dir, ...options }).finally(() => rm(copies, { recursive: true, force: true }));
}

/** @param copies a folder of its own for what is copied out of a submission, while the page is made. */
async function renderWith(copies: string, { dir, lab, out, pdf }: Options & { dir: string | undefined }) {
  const labs = lab ? [findLab(lab)] : [...catalog];
  const wanted = resolve(out ?? join(rootFolder(), '.lab', dir ? 'answers-of-one.html' : 'answers.html'));
  const page = wanted.replace(/\.pdf$/i, '.html');
  const { answers, options } = dir
    ? await handedIn(dir, { labs, into: copies })
    : await worked(labs, dirname(page));
  const { html, links } = answersPage(answers, options);
  await mkdir(dirname(page), { recursive: true });
  await writeWhole(page, html);
  console.log(`${answers.length === 1 ? '1 answer' : `${answers.length} answers`} in ${shownPath(page)}`);
  if (pdf || wanted !== page) {
    const printed = page.replace(/\.html?$|$/i, '.pdf');
    await printPdf(page, printed);
    console.log(`printed to ${shownPath(printed)}`);
  }
  if (links.web.length > 0) console.log(`\nOn the web, not opened here:\n${links.web.join('\n')}`);
  if (links.broken.length === 0) return;
  for (const { file, line, what } of links.broken) console.error(`${file}:${line}: ${what}.`);
  process.exitCode = 1;
}

const shownPath = (path: string): string => {
  const inside = relative(process.cwd(), path);
  return inside.startsWith('..') ? path : inside;
};

interface Rendered {
  answers: PageAnswer[];
  options: PageOptions;
}

async function worked(labs: CatalogEntry[], from: string): Promise<Rendered> {
  const answers = await Promise.all(
    labs.map(async ({ id, title }) => {
      const file = `answers/${id}.md`;
      const path = join(rootFolder(), file);
      const markdown = await readFile(path, 'utf8').catch(() => {
        throw new Error(`This edition holds no worked answer for lab ${id}.`);
      });
      return { lab: id, title, file, path, markdown };
    }),
  );
  const about = 'Each code block stands in its order in the module that the checks of its lab grade.';
  return { answers, options: { title: 'Worked answers', about, from, embed: true } };
}

async function handedIn(
  dir: string,
  { labs, into }: { labs: CatalogEntry[]; into: string },
): Promise<Rendered> {
  const { student, folder, notes } = await collectSubmission(dir, { labs: labs.map(({ id }) => id), into });
  const answers: PageAnswer[] = [];
  for (const entry of labs) {
    const file = `answers/${entry.id}.md`;
    const path = join(folder, file);
    const markdown = await readFile(path, 'utf8').catch(() => undefined);
    if (markdown === undefined) continue;
    const { remarks } = judgeAnswer(markdown, entry);
    answers.push({ lab: entry.id, title: entry.title, file, path, markdown, remarks });
  }
  if (answers.length === 0) throw new Error(`${dir} holds no written answer. ${notes.join(' ')}`);
  return { answers, options: { title: `Answers of ${student}`, embed: false } };
}
