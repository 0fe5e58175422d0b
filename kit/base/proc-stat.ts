import { readFileSync } from 'node:fs';

/** What Linux tells of a process in /proc/<pid>/stat, as far as it is read here. */
export interface ProcStat {
  /** Name of its program, at most 15 characters: `node`. */
  name: string;
  /** `R` running, `S` sleeping, `Z` a zombie: no longer a process. */
  state: string;
  parent: number;
  /** Processor time used so far, ms. */
  cpuMs: number;
  /** When it started, in ticks since the system did: the same id with another start time is a stranger. */
  started: string;
}

/** One tick of the clock that /proc counts in, ms: 100 a second on every Linux. */
const TICK_MS = 10;

/**
 * Reads one process; undefined where it is gone, or where the system has no /proc.
 *
 * @example procStat(process.pid)?.name // 'node'
 */
export function procStat(pid: number | 'self'): ProcStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything, a parenthesis too: fields are counted from behind the last one.
    const end = stat.lastIndexOf(')');
    const fields = stat.slice(end + 2).split(' ');
    return {
      name: stat.slice(stat.indexOf('(') + 1, end),
      state: fields[0]!,
      parent: Number(fields[1]),
      cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
      started: fields[19]!,
    };
  } catch {
    return undefined;
  }
}

/**
 * The processes that this one started and that still run, the eldest first; none where the system does not tell.
 *
 * @example childrenOf(1234) // [1240]
 */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/**
 * The process so many generations below this one, along the eldest; undefined where there is none.
 *
 * @example descendantOf(1234, 2) // 1251
 */
export function descendantOf(pid: number | undefined, generations: number): number | undefined {
  let at = pid;
  for (let i = 0; i < generations && at !== undefined; i++) at = childrenOf(at)[0];
  return at;
}
