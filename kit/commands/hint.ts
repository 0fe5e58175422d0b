import type { Command } from 'commander';
import pc from 'picocolors';
import { findLab } from '../../src/catalog.ts';
import { studentsEdition } from '../base/edition.ts';
import { updateProgress } from '../base/learner-progress.ts';

/** `./lab hint 01`: one more hint each time, from a nudge to nearly the code. */
export function register(program: Command): void {
  program.command('hint').description('one more hint each time').argument('<lab>').action(hint);
}

async function hint(name: string): Promise<void> {
  const { id, hints } = findLab(name);
  const { hints: shown } = await updateProgress(id, (before) => ({
    ...before,
    hints: Math.min(before.hints + 1, hints.length),
  }));
  for (const [i, text] of hints.slice(0, shown).entries()) {
    const newest = i === shown - 1;
    const line = `${i + 1}. ${text}`;
    console.log(newest ? `\n${pc.bold(line)}` : pc.dim(`\n${line}`));
  }
  const number = id.slice(0, 2);
  const left = hints.length - shown;
  console.log(
    left > 0
      ? pc.dim(`\n${left} more where that came from: ./lab hint ${number}`)
      : pc.dim(
          studentsEdition()
            ? `\nThat was the last hint. ./lab check ${number} says what is still missing.`
            : `\nThat was the last hint. The worked answer: ./lab answer ${number}`,
        ),
  );
}
