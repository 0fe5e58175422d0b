import { join } from 'node:path';
import type { ProvidedContext } from 'vitest';
import { startVitest } from 'vitest/node';
import { rootFolder } from '../../base/root.ts';
import '../provided.ts';

export interface WorkersOptions {
  /** How many. */
  jobs: number;
  provide: Pick<ProvidedContext, 'servers' | 'seed' | 'queue'>;
}

/** A worker's heap would grow by 90 MB in its first minutes, as nothing asks V8 to keep it small; it holds about 60. */
const execArgv = ['--max-semi-space-size=4', '--max-old-space-size=256'];

/**
 * Starts workers in vitest, a project each, and waits until the last has ended.
 *
 * @returns why a worker failed, a sentence each; none where all is well. That is the judge's trouble, not a student's.
 */
export async function startWorkers({ jobs, provide }: WorkersOptions): Promise<string[]> {
  const errors: string[] = [];
  const common = { pool: 'forks', isolate: false, execArgv };
  const vitest = await startVitest([], {
    ...common,
    config: false,
    root: rootFolder(),
    watch: false,
    maxWorkers: jobs,
    teardownTimeout: 10_000,
    reporters: [
      {
        onTestModuleEnd: (module) => {
          const failed = [...module.children.allTests('failed')].flatMap(
            (test) => test.result().errors ?? [],
          );
          errors.push(...[...module.errors(), ...failed].map(({ message }) => message));
        },
        onTestRunEnd: (_modules, unhandled) => {
          errors.push(...unhandled.map(({ message }) => message));
        },
      },
    ],
    projects: Array.from({ length: jobs }, (_, worker) => ({
      test: {
        ...common,
        name: `worker ${worker + 1}`,
        include: [join('kit', 'judge', 'queue', 'worker.check.ts')],
        provide,
      },
    })),
  });
  await vitest.close();
  return [...new Set(errors)];
}
