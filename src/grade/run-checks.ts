import { join } from 'node:path';
import { startVitest } from 'vitest/node';
import { findLab } from '../catalog.ts';
import { rootFolder } from '../root.ts';
import type { Servers } from '../servers/servers.ts';
import { dropGenerated } from './generated.ts';
import { CheckReporter, type Collected } from './reporter.ts';
import type { CheckResult, LabResult } from './result.ts';
import { fileOf, type Submission, shownName } from './submission.ts';
import './provided.ts';

export interface RunOptions {
  servers: Servers;
  submissions: readonly Submission[];
  /** Ids of the labs to judge. */
  labs: readonly string[];
  seed: number;
  /** Called after each check. */
  onResult?: (result: CheckResult, submission: string) => void;
}

/** One sentence that names both servers: `'MariaDB 10.11.19 and Redis 7.0.15 (local)'`. */
export function serversSentence({ mysqlVersion: m, redisVersion: r, source }: Servers): string {
  return `${m.flavour} ${m.version} and ${r.flavour} ${r.version} (${source})`;
}

/**
 * Judges labs of one or many submissions in one vitest run, a project each. Student code runs in runner processes,
 * never in this one nor in vitest's.
 *
 * @returns a result for each submission and lab, in their order. A judge that failed shows as infrastructure errors.
 */
export async function runChecks(options: RunOptions): Promise<LabResult[]> {
  const { servers, submissions, labs, seed, onResult } = options;
  const root = rootFolder();
  const reporter = new CheckReporter();
  const projectName = (i: number) => `s${i}`;
  if (onResult) {
    reporter.onResult = (result, of) => onResult(result, submissions[Number(of.project.slice(1))]!.name);
  }
  const description = servers.describe();
  const vitest = await startVitest([], {
    config: false,
    root,
    watch: false,
    reporters: [reporter],
    pool: 'forks',
    isolate: false,
    maxWorkers: submissions.length > 1 ? 2 : 1,
    projects: submissions.map((submission, i) => ({
      test: {
        name: projectName(i),
        include: labs.map((id) => `test/${id}.test.ts`),
        provide: { servers: description, submission, seed },
        pool: 'forks',
        isolate: false,
      },
    })),
  });
  await vitest.close();
  await dropGenerated(servers, seed);
  const results: LabResult[] = [];
  for (const [i, submission] of submissions.entries()) {
    for (const lab of labs) {
      const file = join(root, 'test', `${lab}.test.ts`);
      const collected = reporter.collected.get(`${projectName(i)}\n${file}`);
      results.push(await labResult(collected, { lab, submission, seed, servers }));
    }
  }
  return results;
}

async function labResult(
  collected: Collected | undefined,
  { lab, submission, seed, servers }: { lab: string; submission: Submission; seed: number; servers: Servers },
): Promise<LabResult> {
  const checks = collected?.results ?? [];
  const broken = collected ? collected.broken : 'vitest did not reach the checks of this lab';
  const sum = (points: number[]) => points.reduce((a, b) => a + b, 0);
  return {
    lab,
    title: findLab(lab).title,
    submission: submission.name,
    file: shownName(await fileOf(submission, lab), lab),
    seed,
    servers: serversSentence(servers),
    points: sum(checks.map((check) => check.points)),
    maxPoints: sum(checks.map((check) => check.maxPoints)),
    checks,
    warnings: broken ? [`The judge itself failed: ${broken}`] : [],
    output: collected?.output ?? '',
    durationMs: sum(checks.map((check) => check.durationMs)),
  };
}
