import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { catalog } from '../../src/catalog.ts';
import { harmless } from '../base/harmless.ts';
import { sum } from '../base/sum.ts';
import { gradeClass } from '../class/grade-class.ts';
import { progressLine } from '../class/progress-line.ts';
import { median } from '../class/report/median.ts';
import type { ClassResult } from '../class/report/result-schema.ts';
import { type Score, scorer } from '../class/report/score.ts';
import { importInto, writeReports } from '../class/report/write-reports.ts';
import { acceptLowest } from '../judge/isolation/accept-lowest.ts';
import { findIsolation, requireIsolation } from '../judge/isolation/find.ts';
import { labsNamed } from '../judge/labs-named.ts';
import type { IsolationLevel } from '../judge/manifest.ts';
import { usualJobs } from '../judge/usual-jobs.ts';
import { openServers } from '../servers/open-servers.ts';
import { askCautiously, atTerminal } from '../setup/consent.ts';
import { listenForStop } from '../setup/signals.ts';

interface GradeCommandOptions {
  out?: string;
  jobs: number;
  labs?: string[];
  seed?: number;
  fresh?: boolean;
  requireIsolation?: IsolationLevel;
  acceptLevel1?: boolean;
  import?: string;
}

/** `./lab grade submissions/`: grades a class, and goes on where an earlier run was stopped. */
export function register(program: Command): void {
  program
    .command('grade')
    .description('grade a class: ./lab grade submissions/')
    .argument('<dir>', 'holds a folder, zip, tar or git clone for each student')
    .option('--out <folder>', 'where reports go; default <dir>-grades')
    .option(
      '--jobs <number>',
      'workers side by side; default two for each processor',
      whole(1, 16),
      usualJobs(),
    )
    .option('--labs <list>', 'only these: 01,03 or 01-05', (text) => labsNamed(text).map(({ id }) => id))
    .option('--seed <number>', 'draw the same inputs as a run that printed this seed', whole(0, 2 ** 31))
    .option('--fresh', 'begin anew, and forget what an earlier run did in the folder')
    .addOption(
      new Option('--require-isolation <level>', 'refuse to grade below this level').argParser(whole(1, 3)),
    )
    .option('--accept-level-1', 'grade also where nothing but Node itself shuts a submission in')
    .option('--import <csv>', 'take the points of written answers from an edited grades.csv; judges nothing')
    .action(grade);
}

async function grade(folder: string, options: GradeCommandOptions): Promise<void> {
  const from = process.env.INIT_CWD ?? process.cwd();
  const dir = resolve(from, folder);
  if (!existsSync(dir) || !statSync(dir).isDirectory()) {
    throw new Error(`${dir} is no folder. Give the folder that holds a folder or archive for each student.`);
  }
  const out = options.out ? resolve(from, options.out) : `${dir}-grades`;
  if (`${out}${sep}`.startsWith(`${dir}${sep}`)) {
    throw new Error(`${out} lies in the submissions. Give another folder with --out: they are only read.`);
  }
  if (options.import) return importCsv(resolve(from, options.import), out);

  const isolation = options.requireIsolation
    ? await requireIsolation(options.requireIsolation)
    : await findIsolation();
  console.error(`  ${isolation.level === 3 ? pc.dim(isolation.sentence) : pc.yellow(isolation.sentence)}`);
  const accepted = options.acceptLevel1 ?? options.requireIsolation === 1;
  await acceptLowest(isolation, { accepted, ask: atTerminal() ? askCautiously : undefined });
  const stop = listenForStop({ onAgain: () => process.exit(130) });
  const progress = progressLine();
  try {
    const result = await gradeClass({
      dir,
      out,
      labs: options.labs ?? catalog.map(({ id }) => id),
      jobs: options.jobs,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      fresh: options.fresh ?? false,
      isolation,
      openServers: () => openServers({ onStep: progress.say }),
      signal: stop.signal,
      progress,
    });
    if (!result) {
      console.error('  Stopped. What is judged is kept: the same command goes on where it was.');
      process.exitCode = 130;
      return;
    }
    await writeReports(result, out);
    console.log(summary(result, relative(from, out) || '.'));
    process.exitCode = openPoints(result) > 0 ? 3 : 0;
  } finally {
    stop.release();
  }
}

async function importCsv(csv: string, out: string): Promise<void> {
  const files = await importInto(out, { csv: await readFile(csv, 'utf8') });
  console.log(
    `Took the written points from ${basename(csv)} and wrote ${files.length} reports anew in ${out}.`,
  );
}

const openPoints = (result: ClassResult): number =>
  sum(result.students.map(scorer(result)).map(({ open }) => open));

function summary(result: ClassResult, out: string): string {
  const scores = result.students.map(scorer(result));
  const points = scores.map(({ total }) => total);
  const [{ max }] = scores as [Score, ...Score[]];
  const open = openPoints(result);
  return [
    '',
    `  ${pc.bold(`${result.students.length} students`)}, ${max} points each: median ${median(points)}, from ${Math.min(...points)} to ${Math.max(...points)}.`,
    `  ${result.servers}, seed ${result.seed}`,
    ...result.skipped.map((sentence) => `  ${pc.yellow('!')} ${harmless(sentence)}`),
    ...(open > 0
      ? [`  ${pc.yellow(`${open} points could not be judged`)} and are no zeros: run the command again.`]
      : []),
    `  ${join(out, 'class.html')}  the class`,
    `  ${join(out, 'grades.csv')}  the grades, with columns for the written answers`,
    `  ${join(out, 'students')}  a folder of feedback for each student`,
  ].join('\n');
}

function whole(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < from || value > to)
      throw new InvalidArgumentError(`It takes a whole number from ${from} to ${to}.`);
    return value;
  };
}
