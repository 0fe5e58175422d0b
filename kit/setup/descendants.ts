import { readdirSync } from 'node:fs';
import { procStat } from '../base/proc-stat.ts';
import { run } from './run-program.ts';

/** A process as it was seen: its id may be another's later, its start time is not. */
export interface SeenProcess {
  pid: number;
  parent: number;
  /** When it started, in whatever unit the system tells. */
  started: string;
}

async function allProcesses(): Promise<SeenProcess[]> {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => fromProc(Number(name)) ?? []);
  }
  const { output } = await run('ps', ['-axo', 'pid=,ppid=,lstart=']);
  return output.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(.+)$/.exec(line);
    return found ? [{ pid: Number(found[1]), parent: Number(found[2]), started: found[3]! }] : [];
  });
}

/** One line of /proc, which slim systems have where `ps` is missing; a zombie is no longer a process. */
function fromProc(pid: number): SeenProcess | undefined {
  const stat = procStat(pid);
  return stat && stat.state !== 'Z' ? { pid, parent: stat.parent, started: stat.started } : undefined;
}

/** Every process below this one, children of children too, and itself. */
export async function descendants(pid: number): Promise<SeenProcess[]> {
  const all = await allProcesses();
  const family = all.filter((one) => one.pid === pid);
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member.pid));
  return family;
}

/** Those of these processes that still run: the same id with another start time is a stranger. */
export async function stillRunning(seen: readonly SeenProcess[]): Promise<SeenProcess[]> {
  const now = new Map((await allProcesses()).map((one) => [one.pid, one.started]));
  return seen.filter(({ pid, started }) => now.get(pid) === started);
}
