import type { Command } from 'commander';
import pc from 'picocolors';
import { findLab } from '../../src/catalog.ts';
import type { Step } from '../../src/lab/steps.ts';
import { refusalSentence, refusedCommand } from '../base/redis-refusal.ts';
import { rootFolder } from '../base/root.ts';
import { explain } from '../judge/explain.ts';
import { loadHere } from '../judge/runner/load-here.ts';
import { lineInStack } from '../judge/runner/student-error.ts';
import { CannotLoad } from '../judge/runner/transpile.ts';
import { fileOf, findSubmission, shownName } from '../judge/submission.ts';
import { askCautiously, atTerminal } from '../setup/consent.ts';
import { runAsOneself } from './run-as-oneself.ts';

/** `./lab 01`: the lab's question, its steps on the live servers, then its checks. */
export function register(program: Command): void {
  program
    .command('run')
    .description('walk through a lab in the terminal: ./lab 01')
    .argument('<lab>')
    .option('--all', 'do not wait for Enter between two steps')
    .option('--trust', 'run what LABS names outside of this folder without asking')
    .action(run);
}

async function run(name: string, options: { all?: boolean; trust?: boolean }): Promise<void> {
  const entry = findLab(name);
  process.setSourceMapsEnabled(true); // traces speak of the learner's lines
  const number = entry.id.slice(0, 2);
  const chosen = findSubmission(process.env.LABS, process.env.INIT_CWD ?? process.cwd());
  await runAsOneself(chosen, {
    trusted: options.trust ?? false,
    ask: atTerminal() ? askCautiously : undefined,
  });
  const load = (file: string) =>
    loadHere(file, entry.packages).catch((error: unknown) => {
      if (!(error instanceof CannotLoad)) throw error;
      throw new Error(`${shownName(file, entry.id)}: ${explain(error).sentence}`);
    });
  const steps =
    ((await load(`${rootFolder()}/labs/${entry.id}.ts`)) as { steps?: Step<unknown>[] }).steps ?? [];
  const file = await fileOf(chosen, entry.id);
  const yours = await load(file);

  console.log(`\n${pc.bold(`Lab ${number}: ${entry.title}`)}\n\n${pc.italic(entry.question)}\n`);
  const { open } = await import('../../src/lab/open.ts');
  const { play } = await import('../../src/lab/play.ts');
  const lab = await open();
  let written = true;
  try {
    written = await play(steps, { lab, yours, wait: !options.all && process.stdin.isTTY === true });
  } catch (error) {
    throw threwInStep(error, { file, shown: shownName(file, entry.id) });
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

/** What a step threw, with the line of the learner's file that its trace leads to, and the command that Redis refused. */
function threwInStep(thrown: unknown, { file, shown }: { file: string; shown: string }): Error {
  if (!(thrown instanceof Error)) return new Error(`A step threw ${String(thrown)}, which is not an Error.`);
  const line = lineInStack(thrown.stack, file);
  const place = line ? `${shown}:${line}` : '';
  const command = refusedCommand(thrown);
  const { name, message } = thrown;
  const told = command
    ? refusalSentence({ command, message }, place)
    : `${name}: ${message}${place ? `\n  at ${place}` : ''}`;
  const error = new Error(told, { cause: thrown });
  if (thrown.stack) error.stack = thrown.stack;
  return error;
}
