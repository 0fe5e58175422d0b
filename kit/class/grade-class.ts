import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { rootFolder } from '../base/root.ts';
import { checkFiles } from '../judge/check-files.ts';
import { isLeftOpen, MAX_ROUNDS } from '../judge/judged-again.ts';
import type { Isolation } from '../judge/manifest.ts';
import type { LabResult } from '../judge/result.ts';
import { runChecks, serversSentence } from '../judge/run-checks.ts';
import { newSeed } from '../judge/seed.ts';
import { typeWarningsOf } from '../judge/types/type-warnings.ts';
import type { Servers } from '../servers/servers.ts';
import { assemble, type Written } from './assemble-result.ts';
import { type Collected, collect } from './intake/collect.ts';
import { hashOfFiles, Journal, type Terms } from './journal.ts';
import { answerSteps, labSteps, type Step } from './labs-to-judge.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { ClassResult } from './report/result-schema.ts';
import { readWritten } from './written/read-written.ts';

export interface GradeOptions {
  /** Absolute path of the folder with the submissions. */
  dir: string;
  /** Absolute path of the folder for reports and journal. */
  out: string;
  /** Ids, in the catalogue's order. */
  labs: readonly string[];
  /** Workers side by side. */
  jobs: number;
  seed?: number;
  /** Forget what an earlier run did in `out`. */
  fresh: boolean;
  isolation: Isolation;
  /** Opens the servers; not called where nothing is left to judge. */
  openServers: () => Promise<Servers>;
  signal: AbortSignal;
  progress: GradeProgress;
}

/** What a person sees of a run. */
export interface GradeProgress {
  /** A sentence on what begins now. */
  say(sentence: string): void;
  /** So many steps are to be judged; what an earlier run did is not among them. */
  begin(steps: number): void;
  /** One lab of one student is judged. */
  judged(student: string, lab: string): void;
  end(): void;
}

/** Thrown where a folder holds no submission at all. */
export class NoSubmissions extends Error {
  override name = 'NoSubmissions';
  constructor(dir: string) {
    super(
      `${dir} holds no submissions: a folder, zip, tar or git clone for each student, with labs/*.ts in it. Nothing was graded.`,
    );
  }
}

/**
 * Grades a class: reads what was handed in, judges it, and keeps each lab of each student as soon as it is judged, so
 * that a run which was stopped, or killed, goes on where it was.
 *
 * @returns the class; undefined where `signal` ended the run before its time.
 * @throws OtherTerms where `out` holds a run on other terms.
 */
export async function gradeClass(options: GradeOptions): Promise<ClassResult | undefined> {
  const { dir, out, labs, isolation, signal, progress } = options;
  const work = join(out, '.grading');
  const giveBack = oneAtATime(work);
  const file = join(work, 'journal.jsonl');
  const into = join(work, 'submissions');
  let journal: Journal | undefined;
  try {
    if (options.fresh) rmSync(file, { force: true });
    rmSync(into, { recursive: true, force: true });
    journal = Journal.open(file, terms(options), { sameSeed: options.seed !== undefined });
    progress.say(`Reading the submissions in ${basename(dir)}.`);
    const { students, skipped } = await collect(dir, { labs, into });
    if (students.length === 0) throw new NoSubmissions(dir);
    const run = { journal, options, servers: '' };
    await judgeAll(labSteps(students, labs), run);
    if (signal.aborted) return undefined;
    progress.say('Reading the written answers and the types.');
    const written = new Map<string, Written[]>();
    for (const student of students) written.set(student.slug, await readAll(student, labs));
    await judgeAll(answerSteps(students, written), run);
    if (signal.aborted) return undefined;
    const files = students.flatMap(({ folder }) => labs.map((lab) => join(folder, 'labs', `${lab}.ts`)));
    const types = await typeWarningsOf(files);
    return assemble({
      name: basename(resolve(dir)),
      journal,
      students,
      skipped,
      written,
      types,
      servers: run.servers,
      isolation,
    });
  } finally {
    journal?.close();
    rmSync(into, { recursive: true, force: true });
    giveBack();
  }
}

function terms({ labs, seed }: GradeOptions): Terms {
  const support = join(rootFolder(), 'test', 'support');
  const shared = existsSync(support) ? readdirSync(support).sort() : [];
  const files = [...labs.flatMap(checkFiles), ...shared.map((name) => join(support, name))];
  return {
    version: 1,
    seed: seed ?? newSeed(),
    labs: [...labs],
    checks: hashOfFiles(files),
    startedAt: new Date().toISOString(),
  };
}

async function readAll({ folder }: Collected, labs: readonly string[]): Promise<Written[]> {
  const answers: Written[] = [];
  for (const lab of labs) answers.push(await readWritten(folder, { lab }));
  return answers;
}

/** Judges what is not judged yet, and once more what a server that failed, or a check that stumbled, left open. */
async function judgeAll(
  steps: readonly Step[],
  run: { journal: Journal; options: GradeOptions; servers: string },
): Promise<void> {
  const { journal, options } = run;
  for (let round = 1; round <= MAX_ROUNDS && !options.signal.aborted; round++) {
    const left = steps.filter((step) => !isJudged(journal, step));
    if (left.length === 0) return;
    if (round > 1)
      options.progress.say(
        `${left.length} could not be judged, as a server failed or a check stumbled: once more.`,
      );
    run.servers = await judge(left, journal, options);
  }
}

/** Judged, and nothing of it left open by a server that failed or a check that stumbled. */
function isJudged(journal: Journal, step: Step): boolean {
  const found = journal.find(step);
  return found !== undefined && !isLeftOpen(found);
}

/** @returns the servers it was judged on, as a sentence. */
async function judge(steps: readonly Step[], journal: Journal, options: GradeOptions): Promise<string> {
  const { labs, jobs, signal, progress } = options;
  const servers = await options.openServers();
  try {
    progress.begin(steps.length);
    const submissions = together(steps);
    const announced = new Set<Step>();
    const keep = (step: Step, result: LabResult) => {
      journal.add({ slug: step.slug, sha256: step.sha256, of: step.of, result });
      announced.add(step);
    };
    const results = await runChecks({
      servers,
      submissions: submissions.map(({ student, path, steps: own }) => {
        return { name: student, path, labs: own.map(({ lab }) => lab) };
      }),
      labs,
      jobs,
      seed: journal.terms.seed,
      ownMysql: servers.startMysql !== undefined,
      signal,
      onManifest: (manifest) => journal.setManifest(manifest),
      onLab: (result, index) => {
        const step = submissions[index]!.steps.find(({ lab }) => lab === result.lab)!;
        keep(step, result);
        progress.judged(step.student, step.lab);
      },
    });
    progress.end();
    // What a worker that died took along is open, not lost: it is judged again.
    const inOrder = submissions.flatMap(({ steps: own }) => own);
    if (!signal.aborted) {
      for (const [i, step] of inOrder.entries()) if (!announced.has(step)) keep(step, results[i]!);
    }
    return serversSentence(servers);
  } finally {
    await servers.close();
  }
}

/** Steps of one folder are one submission: its labs are judged one after the other by one worker. */
function together(steps: readonly Step[]): { student: string; path: string; steps: Step[] }[] {
  const found = new Map<string, { student: string; path: string; steps: Step[] }>();
  for (const step of steps) {
    const one = found.get(step.path) ?? { student: step.student, path: step.path, steps: [] };
    one.steps.push(step);
    found.set(step.path, one);
  }
  return [...found.values()];
}
