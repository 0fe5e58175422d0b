import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { childrenOf, procStat } from '../../base/proc-stat.ts';
import { rootFolder } from '../../base/root.ts';

/** A command that runs in a bare machine. */
export interface RunningCommand {
  /** Presses Ctrl-C: SIGINT to all processes of the command's terminal. */
  interrupt(): void;
  /** Its exit code, once it has ended: 130 where a signal ended it. */
  ended: Promise<number>;
}

export interface CommandOptions {
  /** Its working folder, inside. */
  cwd?: string;
  /** All of its environment. */
  env: Readonly<Record<string, string>>;
  /** Hears each line of its output. */
  onLine?: (line: string) => void;
}

/** A folder with a system in it that runs as a machine of its own; it shares the network with this one. */
export interface BareMachine {
  /** Starts a command of its shell. */
  start(command: string, options: CommandOptions): RunningCommand;
  /** Command lines of the processes in it, without those that hold it. */
  processes(): string[];
  /** Ends all of its processes; its mounts end with them. */
  close(): Promise<void>;
}

/**
 * Starts a machine whose root is this folder, with namespaces of its own for mounts, processes, IPC and its name. It
 * ends when this process ends, however that is.
 *
 * @throws what `unshare` or `mount` said, where this system does not allow it
 * @example
 * const machine = await startBareMachine('/var/tmp/storelab-fresh/run-4711');
 * await machine.start('node --version', { env: { PATH: '/usr/bin' }, onLine: console.log }).ended; // 0
 */
export async function startBareMachine(tree: string): Promise<BareMachine> {
  const script = join(rootFolder(), 'kit', 'prove', 'fresh', 'hold.sh');
  const words = ['--mount', '--pid', '--fork', '--ipc', '--uts', 'sh', script, tree];
  const holder = spawn('unshare', words, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const gone = once(holder, 'close');
  let said = '';
  holder.stderr.on('data', (text) => (said += text));
  const ready = once(createInterface({ input: holder.stdout }), 'line');
  await Promise.race([ready, gone]);
  const first = childrenOf(holder.pid!)[0];
  if (first === undefined) throw new Error(`The bare machine did not start: ${said.trim()}`);
  return {
    start: (command, options) => startInside(first, command, options),
    processes: () => processesOf(first),
    async close() {
      holder.stdin.end();
      await gone;
    },
  };
}

function startInside(
  first: number,
  command: string,
  { cwd = '/', env, onLine }: CommandOptions,
): RunningCommand {
  const enter = ['--target', String(first), '--mount', '--pid', '--ipc', '--uts', '--'];
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  // A session of its own, as a terminal's: what Ctrl-C reaches is its process group.
  const shell = ['sh', '-c', 'cd "$1" && exec setsid -w sh -c "$2"', 'sh', cwd, command];
  const child = spawn('nsenter', [...enter, 'env', '-i', ...variables, ...shell], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => onLine?.(line));
  return {
    interrupt() {
      const leader = childrenOf(child.pid!)[0];
      if (leader !== undefined) process.kill(-leader, 'SIGINT');
    },
    ended: endOf(child),
  };
}

/** With all of its output, which a process that it left behind may hold open for ever. */
async function endOf(child: ChildProcess): Promise<number> {
  const closed = once(child, 'close');
  const [code] = (await once(child, 'exit')) as [number | null];
  await Promise.race([closed, pause(2000)]);
  return code ?? 130;
}

/** Those with the same process ids' namespace; a zombie is no longer a process. */
function processesOf(first: number): string[] {
  const holders = [first, ...childrenOf(first).filter((pid) => procStat(pid)?.name === 'cat')];
  const namespace = readlinkSync(`/proc/${first}/ns/pid`);
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && !holders.includes(pid))
    .flatMap((pid) => {
      try {
        if (readlinkSync(`/proc/${pid}/ns/pid`) !== namespace || procStat(pid)?.state === 'Z') return [];
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()];
      } catch {
        return []; // it has ended
      }
    });
}
