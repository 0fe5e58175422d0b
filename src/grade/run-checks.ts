import { join } from 'node:path';
import { startVitest } from 'vitest/node';
import { findLab } from '../catalog.ts';
import { rootFolder } from '../root.ts';
import type { Servers } from '../servers/servers.ts';
import { dropGenerated } from './generated.ts';
import { CheckReporter } from './reporter.ts';
import type { CheckResult, LabResult } from './result.ts';
import { fileOf, type Submission, shownName } from './submission.ts';
import './provided.ts';

export interface RunOptions {
  servers: Servers;
  submissions: readonly (Submission & { checks?: readonly string[] })[];
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

/** Workers that judge side by side. */
const WORKERS = 2;

/**
 * Judges labs of one or many submissions in one vitest run: a project for each worker, which takes its share of the
 * submissions one after the other. Student code runs in runner processes, never in this one nor in vitest's.
 *
 * @returns a result for each submission and lab, in their order. A judge that failed shows as infrastructure errors.
 */
export async function runChecks(options: RunOptions): Promise<LabResult[]> {
  const { servers, submissions, labs, seed, onResult } = options;
  const root = rootFolder();
  const reporter = new CheckReporter();
  if (onResult) reporter.onResult = (result, of) => onResult(result, submissions[of.submission]!.name);
  const numbered = submissions.map(({ checks, ...submission }, index) => ({
    index,
    submission,
    ...(checks ? { checks } : {}),
  }));
  const shares = Array.from({ length: Math.min(WORKERS, numbered.length) }, (_, worker) =>
    numbered.filter(({ index }) => index % WORKERS === worker),
  );
  const common = { pool: 'forks', isolate: false } as const;
  const vitest = await startVitest([], {
    ...common,
    config: false,
    root,
    watch: false,
    reporters: [reporter],
    maxWorkers: shares.length,
    projects: shares.map((share, worker) => ({
      test: {
        ...common,
        name: `worker ${worker + 1}`,
        include: labs.map((id) => `test/${id}.test.ts`),
        provide: { servers: servers.describe(), submissions: share, seed },
      },
    })),
  });
  await vitest.close();
  await dropGenerated(servers, seed);
  const results: LabResult[] = [];
  for (const { index, submission } of numbered) {
    for (const lab of labs)
      results.push(await labResult(reporter, { index, lab, submission, seed, servers }));
  }
  return results;
}

interface Judged {
  index: number;
  lab: string;
  submission: Submission;
  seed: number;
  servers: Servers;
}

async function labResult(reporter: CheckReporter, judged: Judged): Promise<LabResult> {
  const { index, lab, submission, seed, servers } = judged;
  const file = join(rootFolder(), 'test', `${lab}.test.ts`);
  const { results: checks, output } = reporter.of(index, file);
  const broken =
    reporter.brokenIn(file) ?? (checks.length > 0 ? undefined : 'vitest did not reach its checks');
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
    output,
    durationMs: sum(checks.map((check) => check.durationMs)),
  };
}
