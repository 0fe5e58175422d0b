import type { Command } from 'commander';
import pc from 'picocolors';
import { catalog, findLab } from '../../src/catalog.ts';
import { checkPrinter, summaryLines } from '../../src/lab/check-text.ts';
import { studentsEdition } from '../base/edition.ts';
import { updateProgress } from '../base/learner-progress.ts';
import { type CheckReport, isFullMarks, type LabResult } from '../judge/result.ts';
import { runChecks } from '../judge/run-checks.ts';
import { newSeed } from '../judge/seed.ts';
import { findSubmission } from '../judge/submission.ts';
import { typeWarnings } from '../judge/type-warnings.ts';
import { useServers } from '../servers/use.ts';

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
  const servers = await useServers({ onStep: (sentence) => say(pc.dim(`  ${sentence}`)) });
  try {
    say(`\n${pc.bold(labs.map((id) => `Lab ${id}`).join(', '))} ${pc.dim(`(${submission.name})`)}`);
    const print = checkPrinter();
    const warnings = Promise.all(labs.map((lab) => typeWarnings(submission, lab)));
    const results = await runChecks({
      servers,
      submissions: [submission],
      labs,
      seed,
      onResult: (result) => say(print(result)),
    });
    for (const [i, found] of (await warnings).entries()) results[i]!.warnings.push(...found);
    await report(results, submission.name === 'labs', options);
  } finally {
    await servers.close();
  }
}

async function report(results: LabResult[], keep: boolean, { json }: CheckOptions): Promise<void> {
  const sum = (of: (result: LabResult) => number) => results.reduce((total, result) => total + of(result), 0);
  const whole: CheckReport = {
    version: 1,
    labs: results,
    points: sum((r) => r.points),
    maxPoints: sum((r) => r.maxPoints),
  };
  if (json) console.log(JSON.stringify(whole, null, 2));
  else for (const result of results) console.log(summaryLines(result));
  if (keep) {
    for (const { lab, points, maxPoints } of results) {
      await updateProgress(lab, (before) => ({
        ...before,
        points,
        maxPoints,
        checkedAt: new Date().toISOString(),
      }));
    }
  }
  process.exitCode = isFullMarks(whole) ? 0 : 1;
}
