import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { childrenOf, procStat } from '../../proc-stat.ts';
import { findIsolation } from '../isolation/find.ts';
import type { FoundIsolation, RunnerFiles } from '../isolation/isolation.ts';
import { runnerProgram } from './bundle.ts';
import { endWithJudge } from './orphans.ts';

/** A runner's process, wherever it was shut in. */
export interface RunnerProcess {
  /** The process that was spawned: the runner itself, or bubblewrap above it. */
  child: ChildProcess;
  /** Its files as it finds them. */
  inside: RunnerFiles;
  /** Processor time that it has used so far, ms; undefined where the system does not tell. */
  cpuMs(): number | undefined;
  /** Ends it and everything that it started. */
  kill(): void;
  /** How the runner ended, of how the spawned process did. */
  ending(code: number | null, signal: NodeJS.Signals | null): Ending;
}

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/**
 * Starts the process that will hold a student's module, shut in as far as this machine allows unless `isolation` says
 * otherwise. File descriptor 3 is the judge's channel, 4 the watchdog's, for a runner that is `watched`. It gets no
 * environment of the judge's.
 */
export async function startProcess(
  files: RunnerFiles,
  {
    isolation,
    watched,
    bullmq = false,
  }: { isolation?: FoundIsolation | undefined; watched: boolean; bullmq?: boolean },
): Promise<RunnerProcess> {
  const [{ heap, ...program }, found] = await Promise.all([
    runnerProgram({ bullmq }),
    isolation ?? findIsolation(),
  ]);
  // Node 24 aborts a thread that loads `net` in a process from a snapshot.
  const { file, args, cwd, env, user, inside, above } = found.start(
    heap && !watched ? { ...program, heap } : program,
    files,
  );
  const child = spawn(file, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  endWithJudge(child);
  const below = (generations: number) => {
    let pid = child.pid;
    for (let i = 0; i < generations && pid !== undefined; i++) pid = childrenOf(pid)[0];
    return pid;
  };
  let runner: number | undefined;
  let killed = false;
  return {
    child,
    inside,
    cpuMs() {
      runner ??= below(above);
      return runner === undefined ? undefined : procStat(runner)?.cpuMs;
    },
    kill() {
      if (killed || child.exitCode !== null || child.signalCode !== null) return;
      killed = true;
      // The first process of its world takes the whole world with it, and bubblewrap reports the end when all is over.
      const first = above > 0 ? below(1) : undefined;
      if (first === undefined || !end(first)) child.kill('SIGKILL');
      else killLater(child);
    },
    // Bubblewrap ends with 128 and the signal's number, as a shell does.
    ending: (code, signal) =>
      above > 0 && code !== null && code > 128
        ? { code: null, signal: signalOf(code - 128) }
        : { code, signal },
  };
}

function end(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false; // it was gone already
  }
}

/** For a bubblewrap that does not notice the end of its world. */
function killLater(child: ChildProcess): void {
  const timer = setTimeout(() => child.kill('SIGKILL'), 1000);
  child.once('exit', () => clearTimeout(timer));
}

function signalOf(number: number): NodeJS.Signals {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return (found?.[0] ?? `signal ${number}`) as NodeJS.Signals;
}
