import type { Command } from 'commander';
import pc from 'picocolors';
import { findLab } from '../../src/catalog.ts';
import type { Step } from '../../src/lab/steps.ts';
import { rootFolder } from '../base/root.ts';
import { explain } from '../judge/explain.ts';
import { loadHere } from '../judge/runner/load-here.ts';
import { CannotLoad } from '../judge/runner/transpile.ts';
import { fileOf, findSubmission, shownName } from '../judge/submission.ts';

/** `./lab 01`: the lab's question, its steps on the live servers, then its checks. */
export function register(program: Command): void {
  program
    .command('run')
    .description('walk through a lab in the terminal: ./lab 01')
    .argument('<lab>')
    .option('--all', 'do not wait for Enter between two steps')
    .action(run);
}

async function run(name: string, options: { all?: boolean }): Promise<void> {
  const entry = findLab(name);
  const number = entry.id.slice(0, 2);
  const chosen = findSubmission(process.env.LABS, process.env.INIT_CWD ?? process.cwd());
  const load = (file: string) =>
    loadHere(file, entry.packages).catch((error: unknown) => {
      if (!(error instanceof CannotLoad)) throw error;
      throw new Error(`${shownName(file, entry.id)}: ${explain(error).sentence}`);
    });
  const steps =
    ((await load(`${rootFolder()}/labs/${entry.id}.ts`)) as { steps?: Step<unknown>[] }).steps ?? [];
  const yours = await load(await fileOf(chosen, entry.id));

  console.log(`\n${pc.bold(`Lab ${number}: ${entry.title}`)}\n\n${pc.italic(entry.question)}\n`);
  const { open } = await import('../../src/lab/open.ts');
  const { play } = await import('../../src/lab/play.ts');
  const lab = await open();
  let written = true;
  try {
    written = await play(steps, { lab, yours, wait: !options.all && process.stdin.isTTY === true });
  } finally {
    await lab.close();
  }
  if (!written) {
    console.log(
      `\nWrite the functions in labs/${entry.id}.ts, then ${pc.bold(`./lab check ${number}`)}. Stuck? ./lab hint ${number}`,
    );
    process.exitCode = 1;
    return;
  }
  const { checkLab } = await import('./check.ts');
  await checkLab([number], {});
}
