import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { descendantOf } from '../../base/proc-stat.ts';
import { processUsage } from '../../base/process-usage.ts';
import { containerPid, removeContainer } from '../../servers/containers/engine.ts';
import { InfrastructureError } from '../explain.ts';
import { endWithJudge } from '../runner/orphans.ts';
import type { ContainerStart, Start } from './isolation.ts';
import { listenOnce } from './listen-once.ts';
import { endingBelow, type RunnerProcess } from './runner-process.ts';
import { SANDBOX_ROOT } from './sandbox-root.ts';

/** How long an engine may take to bring a container up, ms: on a machine that has much to do. */
const START_MS = 30_000;
/** How long it may take to remove one, ms. After that only the sweep at this process's end is left. */
const REMOVE_MS = 10_000;

/**
 * Starts a runner in its container, and waits until it knocks.
 *
 * @throws InfrastructureError with what the engine said, where it does not come up.
 */
export async function startContained(
  { file, args, cwd, env, inside, above }: Start,
  container: ContainerStart,
): Promise<RunnerProcess> {
  const [channel, watchdog] = await Promise.all([
    listenOnce(container.channel),
    listenOnce(container.watchdog),
  ]);
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  endWithJudge(child);
  const shut = () => {
    channel.close();
    watchdog.close();
  };
  child.once('exit', shut);
  child.once('error', shut);
  const kill = once(() => void remove(child, container));
  const runner = lookedUp(container, above);
  return {
    child,
    channel: await connectionOrEnd(channel.connection, { child, kill }),
    watchdog: watchdog.connection,
    inside,
    usage() {
      const pid = runner();
      return pid === undefined ? undefined : processUsage(pid);
    },
    kill,
    ending: endingBelow,
  };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    act();
  };
}

/** Who knocks first is the runner: a student's code is loaded after that. */
async function connectionOrEnd(
  connection: Promise<Socket>,
  { child, kill }: { child: ChildProcess; kill: () => void },
): Promise<Socket> {
  let said = '';
  const listen = (chunk: Buffer) => {
    said = (said + chunk).slice(-2000);
  };
  child.stderr!.on('data', listen);
  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_, reject) => {
    const fail = (why: string) => reject(new InfrastructureError(`A runner did not start: ${why}`));
    child.once('error', ({ message }) => fail(message));
    child.once('close', (code, signal) => fail(`${said.trim()} (${signal ?? code})`));
    timer = setTimeout(() => {
      kill();
      fail(`its container did not come up in ${START_MS / 1000} s. ${said.trim()}`);
    }, START_MS);
  });
  failed.catch(() => {}); // it also fails, later, for one that did come up
  const socket = await Promise.race([connection, failed]).finally(() => clearTimeout(timer));
  child.stderr!.off('data', listen);
  return socket;
}

/** Where this machine shows the engine's processes: the id of the one so many below the container's first, once known. */
function lookedUp({ engine, name }: ContainerStart, below: number): () => number | undefined {
  let asked = false;
  let found: number | undefined;
  const ask = async () => {
    const pid = await containerPid(engine, name);
    // The engine may run elsewhere, in a virtual machine for example: then the number is a stranger's here.
    if (pid === undefined || !isFirstInside(pid)) return;
    found = descendantOf(pid, below);
  };
  return () => {
    if (!asked) ask().catch(() => {});
    asked = true;
    return found;
  };
}

function isFirstInside(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(`${SANDBOX_ROOT}/timeout\0`);
  } catch {
    return false;
  }
}

/** Removes the container, also one that the engine is about to make: until the process that keeps it has ended. */
async function remove(child: ChildProcess, { engine, name }: ContainerStart): Promise<void> {
  const deadline = performance.now() + REMOVE_MS;
  while (!hasEnded(child) && performance.now() < deadline) {
    await removeContainer(engine, name).catch(() => {});
    await Promise.race([new Promise((resolve) => child.once('exit', resolve)), delay(50)]);
  }
  if (!hasEnded(child)) child.kill('SIGKILL');
}
