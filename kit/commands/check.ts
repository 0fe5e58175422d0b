import type { Command } from 'commander';
import pc from 'picocolors';
import { catalog, findLab } from '../../src/catalog.ts';
import { checkPrinter, summaryLines } from '../../src/lab/check-text.ts';
import { studentsEdition } from '../base/edition.ts';
import { checkFilesOf } from '../judge/check-files.ts';
import { WorkerProcess } from '../judge/queue/worker-process.ts';
import { type CheckReport, isFullMarks, type LabResult } from '../judge/result.ts';
import { newSeed } from '../judge/seed.ts';
import { findSubmission, type Submission } from '../judge/submission.ts';
import { typeWarnings } from '../judge/types/type-warnings.ts';
import type { Servers } from '../servers/servers.ts';

interface CheckOptions {
  json?: boolean;
  seed?: number;
}

/** `./lab check 01`: grades the student's file, or what `LABS` names, and exits 0 only on full points. */
export function register(program: Command): void {
  program
    .command('check')
    .description('grade labs against real servers: ./lab check 01')
    .argument('[lab...]', 'numbers or ids; default every lab')
    .option('--json', 'one JSON document on standard output, for programs')
    .option('--seed <number>', 'draw the same inputs as a run that printed this seed', Number)
    .addHelpText(
      'after',
      studentsEdition()
        ? '\nLABS=FOLDER ./lab check 01 grades another folder with a file for the lab.'
        : '\nLABS=answers ./lab check 01 grades the worked answer; LABS=FOLDER any other.',
    )
    .action(checkLab);
}

/** Grades the labs named and prints the result; sets the exit code. */
export async function checkLab(names: string[], options: CheckOptions): Promise<void> {
  const labs = names.length > 0 ? names.map((name) => findLab(name).id) : catalog.map(({ id }) => id);
  const seed = options.seed ?? newSeed();
  if (!Number.isSafeInteger(seed)) throw new Error('--seed takes a whole number, as a run prints it.');
  const submission = findSubmission(process.env.LABS, process.env.INIT_CWD ?? process.cwd());
  const say = options.json ? () => {} : (text: string) => console.log(text);
  const worker = new WorkerProcess(checkFilesOf(labs));
  let servers: Servers | undefined;
  try {
    // It loads its modules while this process does.
    const [{ useServers }, { runChecks }] = await Promise.all([
      import('../servers/use.ts'),
      import('../judge/run-checks.ts'),
    ]);
    servers = await useServers({ onStep: (sentence) => say(pc.dim(`  ${sentence}`)) });
    say(`\n${pc.bold(labs.map((id) => `Lab ${id}`).join(', '))} ${pc.dim(`(${submission.name})`)}`);
    const print = checkPrinter();
    let beside: ReturnType<typeof besideChecks> | undefined;
    const results = await runChecks({
      servers,
      submissions: [submission],
      labs,
      seed,
      newWorker: () => worker,
      onResult: (result) => {
        beside ??= besideChecks(submission, labs);
        say(print(result));
      },
    });
    const [warnings, progress] = await (beside ?? besideChecks(submission, labs));
    for (const [i, found] of warnings.entries()) results[i]!.warnings.push(...found);
    report(results, options);
    if (submission.name === 'labs') await keep(results, progress);
  } finally {
    worker.leave();
    await servers?.close();
  }
}

/** What takes a processor for a while and would hold up the first check: it is begun after that one. */
function besideChecks(submission: Submission, labs: readonly string[]) {
  const types = labs.map((lab) => typeWarnings(submission, lab));
  return Promise.all([Promise.all(types), import('../base/learner-progress.ts')]);
}

function report(results: LabResult[], { json }: CheckOptions): void {
  const sum = (of: (result: LabResult) => number) => results.reduce((total, result) => total + of(result), 0);
  const whole: CheckReport = {
    version: 1,
    labs: results,
    points: sum((r) => r.points),
    maxPoints: sum((r) => r.maxPoints),
  };
  if (json) console.log(JSON.stringify(whole, null, 2));
  else for (const result of results) console.log(summaryLines(result));
  process.exitCode = isFullMarks(whole) ? 0 : 1;
}

async function keep(
  results: readonly LabResult[],
  { updateProgress }: typeof import('../base/learner-progress.ts'),
): Promise<void> {
  for (const { lab, points, maxPoints } of results) {
    await updateProgress(lab, (before) => ({
      ...before,
      points,
      maxPoints,
      checkedAt: new Date().toISOString(),
    }));
  }
}
