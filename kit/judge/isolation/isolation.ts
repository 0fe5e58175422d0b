import type { Engine } from '../../servers/containers/engine.ts';
import type { Isolation } from '../manifest.ts';

/** The files that a runner is given, as paths of this machine, or as the runner itself finds them. */
export interface RunnerFiles {
  /** The student's file, transpiled. */
  lab: string;
  /** The tap's socket before Redis. */
  redis?: string;
  /** The tap's socket before MySQL. */
  mysql?: string;
}

/** The kit's own part of a runner (`bundle.ts`). */
export interface RunnerProgram {
  /** Loads `runner` with the help of `code`. */
  start: string;
  runner: string;
  /** What V8 compiled of `runner` beforehand. */
  code: string;
  /** A start-up snapshot, from which a runner without threads starts in place of the three. */
  heap?: string;
}

/** How to spawn a runner. */
export interface Start {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** Whom it runs as, where that is not the judge's own user. */
  user?: number;
  /** The paths as the runner finds them. */
  inside: RunnerFiles;
  /** How many processes stand between the one that is spawned and the runner: bubblewrap's own two, or none. */
  above: number;
  /** Where it runs in a container: `file` then only watches that, and signals and descriptors do not reach in. */
  container?: ContainerStart;
}

/** A container that holds a runner. */
export interface ContainerStart {
  engine: Engine;
  /** Its name at the engine, before it exists. */
  name: string;
  /** Sockets at which the runner, and its watchdog, knock in place of descriptors 3 and 4. */
  channel: string;
  watchdog: string;
}

/** A level of isolation that was tried out on this machine, and how a runner is started at it. */
export interface FoundIsolation extends Isolation {
  start(program: RunnerProgram, files: RunnerFiles): Start;
  /** Lets the runners of this process, and no other user, reach these sockets in this folder. */
  admit(folder: string, sockets: readonly string[]): Promise<void>;
}

/** The environment of a runner: the judge's own never reaches it. */
export const runnerEnv = { TZ: 'UTC', LANG: 'C.UTF-8' };
