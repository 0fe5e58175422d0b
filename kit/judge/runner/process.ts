import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { descendantOf } from '../../base/proc-stat.ts';
import { processUsage } from '../../base/process-usage.ts';
import { startContained } from '../isolation/container-process.ts';
import { findIsolation } from '../isolation/find.ts';
import type { FoundIsolation, RunnerFiles, Start } from '../isolation/isolation.ts';
import { endingBelow, type RunnerProcess } from '../isolation/runner-process.ts';
import { runnerProgram } from './bundle.ts';
import { endWithJudge } from './orphans.ts';

/**
 * Starts the process that will hold a student's module, shut in as far as this machine allows where `isolation` does not say
 * otherwise. File descriptor 3 is the judge's channel, 4 the watchdog's, for a runner that is `watched`; in a container
 * two sockets stand for them. It gets no environment of the judge's.
 *
 * @throws InfrastructureError where a container does not come up.
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
  const start = found.start(heap && !watched ? { ...program, heap } : program, files);
  return start.container ? startContained(start, start.container) : startHere(start);
}

function startHere({ file, args, cwd, env, user, inside, above }: Start): RunnerProcess {
  const child = spawn(file, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  endWithJudge(child);
  let runner: number | undefined;
  let killed = false;
  const [channel, watchdog] = [child.stdio[3] as Duplex, child.stdio[4] as Duplex];
  watchdog.on('error', () => {}); // the process's own end says it
  return {
    child,
    channel,
    watchdog: Promise.resolve(watchdog),
    inside,
    usage() {
      runner ??= descendantOf(child.pid, above);
      return runner === undefined ? undefined : processUsage(runner);
    },
    kill() {
      if (killed || child.exitCode !== null || child.signalCode !== null) return;
      killed = true;
      // The first process of its world takes the whole world with it, and bubblewrap reports the end when all is over.
      const first = above > 0 ? descendantOf(child.pid, 1) : undefined;
      if (first === undefined || !end(first)) child.kill('SIGKILL');
      else killLater(child);
    },
    // Bubblewrap ends as a shell does.
    ending: (code, signal) => (above > 0 ? endingBelow(code, signal) : { code, signal }),
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
