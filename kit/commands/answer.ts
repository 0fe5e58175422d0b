import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { findLab } from '../../src/catalog.ts';
import { studentsEdition } from '../base/edition.ts';
import { rootFolder } from '../base/root.ts';

/** `./lab answer 01`: the worked answer, prose and code, as it stands in its Markdown. */
export function register(program: Command): void {
  // A students' edition keeps the command, which says why there is none, and does not list it.
  const hidden = studentsEdition() !== undefined;
  program
    .command('answer', { hidden })
    .description('the worked answer of a lab')
    .argument('<lab>')
    .action(answer);
}

async function answer(name: string): Promise<void> {
  const { id } = findLab(name);
  if (studentsEdition()) {
    const number = id.slice(0, 2);
    throw new Error(
      `The worked answer of lab ${number} is not part of this students' edition: the answer is yours to find. ` +
        `./lab hint ${number} helps a step further each time, ./lab check ${number} says what is still missing, and your own answer goes into answers/${id}.md.`,
    );
  }
  const markdown = await readFile(join(rootFolder(), 'answers', `${id}.md`), 'utf8').catch(() => {
    throw new Error(
      `This edition holds no worked answer for lab ${id}. ./lab hint ${id.slice(0, 2)} still gives hints.`,
    );
  });
  console.log(markdown.split('\n').map(coloured()).join('\n'));
}

/** Headings bold, code in its own colour: enough to read it in a terminal. */
function coloured(): (line: string) => string {
  let code = false;
  return (line) => {
    const fence = line.startsWith('```');
    if (fence) code = !code;
    if (fence) return pc.dim(line);
    if (code) return pc.cyan(line);
    return line.startsWith('#') ? pc.bold(line) : line;
  };
}
