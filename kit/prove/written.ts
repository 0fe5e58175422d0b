import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogEntry } from '../../src/catalog.ts';
import { rootFolder } from '../base/root.ts';
import { moduleOf } from '../judge/extract-answers.ts';
import { functionsIn } from '../judge/stub-functions.ts';
import type { Claim } from './claim.ts';
import { contractOf } from './contract.ts';
import { keptFiles } from './lab-files.ts';
import { joined, readCells } from './notebook-file.ts';

const read = (path: string) => readFile(join(rootFolder(), path), 'utf8');

/**
 * That each file of a lab is written: hints and TODOs exist, and nothing is left of what `./lab new` put there to be
 * replaced. A claim for each file; its detail is a sentence for each thing that is still to write.
 *
 * @example (await proveWritten(findLab('11')))[0].detail // 'no hints yet: ...'
 */
export async function proveWritten(entry: CatalogEntry): Promise<Claim[]> {
  const { id } = entry;
  const test = await read(`test/${id}.test.ts`);
  const contract = contractOf(test)?.path;
  const stub = await read(`labs/${id}.ts`);
  const answer = await read(`answers/${id}.md`);
  return [
    claim(`src/catalog.ts describes ${id}`, entryLacks(entry)),
    claim(`labs/${id}.ts is written`, stubLacks(id, stub)),
    ...(contract ? [claim(`${contract} is written`, leftIn(await read(contract)))] : []),
    claim(`test/${id}.test.ts is written`, testLacks(test)),
    claim(`answers/${id}.md is written`, answerLacks(answer)),
    claim(`notebooks/${id}.ipynb is written`, await notebookLacks(id)),
    claim(`the solutions kept for ${id} are written`, await keptLack(id)),
  ];
}

const claim = (name: string, missing: string[]): Claim => ({
  name,
  holds: missing.length === 0,
  ...(missing.length > 0 ? { detail: missing.join('\n') } : {}),
});

/** What a template asks its author to write, `TODO(author): write ...`, with the place where it says so. */
export function leftIn(text: string, place = (line: number) => `line ${line}`): string[] {
  return text.split('\n').flatMap((line, i) => {
    const what = /TODO\(author\):? *(.*?)(?= *\*\/| *\||['"`]|$)/.exec(line)?.[1];
    return what === undefined ? [] : [`${place(i + 1)}: ${what || 'write it'} (it says TODO)`];
  });
}

/** A sentence where something is not so. */
const unless = (holds: boolean, sentence: string): string[] => (holds ? [] : [sentence]);

function entryLacks({ id, title, question, hints }: CatalogEntry): string[] {
  return [
    ...leftIn(title, () => `title of ${id}`),
    ...leftIn(question, () => `question of ${id}`),
    ...unless(hints.length > 0, 'no hints yet: write two to four, from a nudge to nearly the code'),
    ...hints.flatMap((hint, i) => leftIn(hint, () => `hint ${i + 1}`)),
  ];
}

function stubLacks(id: string, source: string): string[] {
  const functions = functionsIn(source);
  const silent = functions.filter((name) => !source.includes(`'TODO: write ${name} in labs/${id}.ts'`));
  return [
    ...leftIn(source),
    ...unless(functions.length > 0, 'no function yet: export those that the student writes'),
    ...silent.map((name) => `${name} does not throw new Error('TODO: write ${name} in labs/${id}.ts')`),
    ...unless(/^export const steps\b[^=]*= \[\s*\{/m.test(source), `no steps yet: write what ./lab plays`),
  ];
}

const testLacks = (source: string): string[] => [
  ...leftIn(source),
  ...unless(/^\s*check\(/m.test(source), 'no check yet'),
];

const answerLacks = (markdown: string): string[] => [
  ...leftIn(markdown),
  ...unless(moduleOf(markdown) !== '', 'no ```ts block yet: the code of an answer stands in its Markdown'),
];

async function notebookLacks(id: string): Promise<string[]> {
  const cells = await readCells(join(rootFolder(), 'notebooks', `${id}.ipynb`));
  const code = cells.filter((cell) => cell.cell_type === 'code').map(({ source }) => joined(source));
  const checking = `check('${id.slice(0, 2)}')`;
  const experiments = code.filter((text) => !text.includes("from './src/") && !text.includes(checking));
  return [
    ...cells.flatMap(({ source }, i) => leftIn(joined(source), () => `cell ${i + 1}`)),
    ...unless(experiments.length > 0, 'no experiment yet'),
    ...unless(
      code.some((text) => text.includes(`from './labs/${id}.ts'`)),
      `no cell imports './labs/${id}.ts'`,
    ),
    ...unless(code.at(-1)?.includes(checking) ?? false, `the last code cell does not call ${checking}`),
  ];
}

async function keptLack(id: string): Promise<string[]> {
  const lacks = keptFiles(id).map(async (path) =>
    leftIn(await read(path), (line) => `${path}, line ${line}`),
  );
  return (await Promise.all(lacks)).flat();
}
