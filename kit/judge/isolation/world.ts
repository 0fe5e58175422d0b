import type { RunnerFiles, RunnerProgram } from './isolation.ts';
import { commonFlags, permissionFlags } from './node-flags.ts';

/** Where everything of a runner lies in a world of its own, whatever makes that world. */
export const LAB = '/lab';

/** A file of this machine and where it lies inside. */
export type Placed = readonly [from: string, to: string];

/** The files of a runner, where it finds them in a world of its own. */
export function insideOf({ redis, mysql }: RunnerFiles): RunnerFiles {
  return {
    lab: `${LAB}/lab.mjs`,
    ...(redis ? { redis: `${LAB}/redis.sock` } : {}),
    ...(mysql ? { mysql: `${LAB}/mysql.sock` } : {}),
  };
}

/**
 * The kit's own part of a runner, in the order in which `nodeInside` names it.
 *
 * @example programInside({ start: '/a/start.cjs', ... })[0] // ['/a/start.cjs', '/lab/start.cjs']
 */
export function programInside(program: RunnerProgram): Placed[] {
  if (program.heap) return [[program.heap, `${LAB}/runner.blob`]];
  return [
    [program.start, `${LAB}/start.cjs`],
    [program.runner, `${LAB}/runner.cjs`],
    [program.code, `${LAB}/runner.v8`],
  ];
}

/** Node's command line inside, with its own fence: it reads its own files, and writes in /tmp alone. */
export function nodeInside(program: RunnerProgram): string[] {
  return [
    `${LAB}/node`,
    ...commonFlags,
    ...permissionFlags({
      read: [`${LAB}/*`, '/tmp/*', '/proc/*'],
      write: ['/tmp/*'],
      threads: !program.heap,
    }),
    // Nobody floods a runner's hash tables but itself: the snapshot's are taken as they are, which saves a tenth of a start.
    ...(program.heap ? ['--no-rehash-snapshot', '--snapshot-blob'] : []),
    ...programInside(program).map(([, to]) => to),
  ];
}
