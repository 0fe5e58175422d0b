import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { procStat } from './proc-stat.ts';

export interface ListedProcess {
  pid: number;
  parent: number;
  /** Its command line, words with a space between them. */
  args: string;
}

/** Every process of this machine: from /proc where there is one, as slim systems lack `ps`. */
export function processes(): ListedProcess[] {
  if (process.platform === 'linux')
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => fromProc(Number(name)) ?? []);
  return execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return args ? [{ pid: Number(pid), parent: Number(parent), args }] : [];
    });
}

function fromProc(pid: number): ListedProcess | undefined {
  const stat = procStat(pid);
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return stat && { pid, parent: stat.parent, args };
  } catch {
    return undefined; // it has ended
  }
}
