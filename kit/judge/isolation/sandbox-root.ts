import type { RunnerFiles, RunnerProgram } from './isolation.ts';
import { commonFlags, permissionFlags } from './node-flags.ts';

/** Where everything of a runner lies inside its sandbox, whatever makes that sandbox. */
export const SANDBOX_ROOT = '/lab';

/** A file of this machine and where it lies inside. */
export type Placed = readonly [from: string, to: string];

/** The files of a runner, where it finds them inside its sandbox. */
export function insideOf({ redis, mysql }: RunnerFiles): RunnerFiles {
  return {
    lab: `${SANDBOX_ROOT}/lab.mjs`,
    ...(redis ? { redis: `${SANDBOX_ROOT}/redis.sock` } : {}),
    ...(mysql ? { mysql: `${SANDBOX_ROOT}/mysql.sock` } : {}),
  };
}

/**
 * The kit's own part of a runner, in the order in which `nodeInside` names it.
 *
 * @example programInside({ start: '/a/start.cjs', ... })[0] // ['/a/start.cjs', '/lab/start.cjs']
 */
export function programInside(program: RunnerProgram): Placed[] {
  if (program.heap) return [[program.heap, `${SANDBOX_ROOT}/runner.blob`]];
  return [
    [program.start, `${SANDBOX_ROOT}/start.cjs`],
    [program.runner, `${SANDBOX_ROOT}/runner.cjs`],
    [program.code, `${SANDBOX_ROOT}/runner.v8`],
  ];
}

/** Node's command line inside, with its own fence: it reads its own files, and writes in /tmp alone. */
export function nodeInside(program: RunnerProgram): string[] {
  return [
    `${SANDBOX_ROOT}/node`,
    ...commonFlags,
    ...permissionFlags({
      read: [`${SANDBOX_ROOT}/*`, '/tmp/*', '/proc/*'],
      write: ['/tmp/*'],
      threads: !program.heap,
    }),
    // Nobody floods a runner's hash tables but itself: the snapshot's are taken as they are, which saves a tenth of a start.
    ...(program.heap ? ['--no-rehash-snapshot', '--snapshot-blob'] : []),
    ...programInside(program).map(([, to]) => to),
  ];
}
