// needs: answers
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, type ResultPromise } from 'execa';
import { expect } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import type { ClassResult } from '../../kit/class/report/result-schema.ts';
import type { LabResult } from '../../kit/judge/result.ts';
import { runChecks } from '../../kit/judge/run-checks.ts';
import { drawFor } from '../../kit/judge/seed.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import { type ClassOptions, type KnownStudent, makeClass } from './generated-class.ts';

/** A class in a folder of its own, and the grades that it must get. */
export interface GeneratedClass {
  /** A folder of this class alone: to be removed at the end. */
  folder: string;
  /** The submissions. */
  dir: string;
  labs: readonly string[];
  /** What each student must get: `passed` and so on for each check of each lab. */
  expected: Record<string, Record<string, Record<string, string>>>;
}

/**
 * Makes a class whose grades are known before it is graded: each distinct file was judged by itself, once, with another
 * seed; right ones have full points, and what is missing, broken, hostile or a stub has none.
 */
export async function knownClass(options: ClassOptions): Promise<GeneratedClass> {
  const folder = mkdtempSync(join(tmpdir(), 'storelab-class-'));
  const dir = join(folder, 'Group 1 (été)');
  const students = await makeClass(dir, options);
  const alone = await judgedAlone(students, options);
  const nothing = (lab: string) =>
    Object.fromEntries(Object.keys(alone.manifest[lab]!).map((id) => [id, 'failed']));
  const expected = Object.fromEntries(
    students.map(({ student, sources }) => [
      student,
      Object.fromEntries(
        options.labs.map((lab) => [
          lab,
          sources[lab] ? alone.outcomes.get(sources[lab].path)! : nothing(lab),
        ]),
      ),
    ]),
  );
  return { folder, dir, labs: options.labs, expected };
}

async function judgedAlone(students: readonly KnownStudent[], { labs, seed }: ClassOptions) {
  const distinct = new Map(
    students.flatMap(({ sources }) =>
      Object.entries(sources).flatMap(([lab, source]) => (source ? [[source.path, { lab, ...source }]] : [])),
    ) as [string, { lab: string; path: string; kind: string }][],
  );
  const files = [...distinct.values()];
  const servers = await openServers({ source: 'local' });
  try {
    const results = await runChecks({
      servers,
      submissions: files.map(({ path, lab }) => ({ name: path, path, labs: [lab] })),
      labs,
      seed: seed + 1,
    });
    const outcomes = new Map<string, Record<string, string>>();
    const manifest: Record<string, Record<string, string>> = {};
    for (const [i, { path, kind, lab }] of files.entries()) {
      const { points, maxPoints } = results[i]!;
      const why = `${path}\n${trouble(results[i]!)}`;
      if (kind === 'right') expect(points, why).toBe(maxPoints);
      else if (kind !== 'wrong') expect(points, why).toBe(0);
      else expect(points, why).toBeLessThan(maxPoints);
      outcomes.set(path, outcomesOf(results[i]!));
      manifest[lab] = outcomesOf(results[i]!);
    }
    return { outcomes, manifest };
  } finally {
    await servers.close();
  }
}

const trouble = ({ checks }: LabResult): string =>
  checks
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ id, outcome, sentence, expected, got }) => `${id} ${outcome}: ${sentence} ${expected} ${got}`)
    .join('\n');

const outcomesOf = ({ checks }: LabResult): Record<string, string> =>
  Object.fromEntries(checks.map(({ id, outcome }) => [id, outcome]));

/** A class that can be graded. */
type Handed = Pick<GeneratedClass, 'dir' | 'labs'>;

interface Grading {
  out: string;
  jobs: number;
  seed: number;
  /** Variables of its environment beside those of this process. */
  env?: Record<string, string>;
}

/** Grades it with `./lab grade`, in a process of its own, as an instructor does. */
export function grade({ dir, labs }: Handed, { out, jobs, seed, env }: Grading): ResultPromise {
  const words = ['grade', dir, '--out', out, '--jobs', `${jobs}`, '--labs', labs.join(), '--seed', `${seed}`];
  return execa(process.execPath, [join(rootFolder(), 'kit', 'cli.ts'), ...words], {
    cwd: rootFolder(),
    env: { LAB_SERVERS: 'local', NO_COLOR: '1', STORELAB_ROOT: rootFolder(), ...env },
    all: true,
    reject: false,
  });
}

/**
 * Grades it while it is killed `kills` times, each time after a drawn number of results, and goes on to the end.
 *
 * @param students how many there are.
 */
export async function gradeKilled(
  known: Handed,
  { students, ...options }: Grading & { students: number; kills: number },
): Promise<void> {
  const draw = drawFor(options.seed, 'kills');
  const total = students * known.labs.length;
  const moments = Array.from({ length: options.kills }, () => draw.int(1, total - 1)).sort((a, b) => a - b);
  const journal = join(options.out, '.grading', 'journal.jsonl');
  const judged = () => (existsSync(journal) ? readFileSync(journal, 'utf8').split('{"entry"').length - 1 : 0);
  for (const moment of moments) {
    const run = grade(known, options);
    const ended = run.then(() => true);
    while (judged() < moment) {
      if (await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20, false))])) {
        throw new Error(`It ended before result ${moment}: ${(await run).all}`);
      }
    }
    run.kill('SIGKILL');
    await ended;
  }
  const { exitCode, all } = await grade(known, options);
  expect(exitCode, String(all)).toBe(0);
}

/** The outcomes of a class that was graded, as `expected` has them. */
export function outcomes(out: string): GeneratedClass['expected'] {
  const { students } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as ClassResult;
  return Object.fromEntries(
    students.map(({ student, labs }) => [
      student,
      Object.fromEntries(labs.map((lab) => [lab.lab, outcomesOf(lab)])),
    ]),
  );
}
