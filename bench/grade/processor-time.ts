import { readdirSync, readFileSync } from 'node:fs';

/** Processor time by kind of process, ms. */
export type ProcessorTime = Record<'judge' | 'runner' | 'mysql' | 'redis', number>;

interface Stat {
  pid: number;
  parent: number;
  name: string;
  /** Its own time, user and system, ms. */
  own: number;
  /** That of children that ended and were waited for, and of theirs, ms. */
  children: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    // Ticks of 10 ms; the sums behind them are exact, so nothing is lost on processes that live for less.
    const [own, children] = [fields[11]! + fields[12]!, fields[13]! + fields[14]!];
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    return { pid, parent: fields[1]!, name, own: own * 10, children: children * 10 };
  } catch {
    return undefined; // it ended meanwhile
  }
}

/** This process and all below it. */
function family(): Stat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => statOf(Number(pid)) ?? []);
  const inside = new Set([process.pid]);
  for (let grew = true; grew; ) {
    const before = inside.size;
    for (const { pid, parent } of all) if (inside.has(parent)) inside.add(pid);
    grew = inside.size > before;
  }
  return all.filter(({ pid }) => inside.has(pid));
}

/**
 * Processor time so far of this process and everything that it started, on Linux. A runner lives for a moment: its time
 * is what the worker that started it has waited for. Two looks, and the difference is what happened between them.
 *
 * @example const before = processorTime(); ...; processorTime().mysql - before.mysql // 412
 */
export function processorTime(): ProcessorTime {
  const spent: ProcessorTime = { judge: 0, runner: 0, mysql: 0, redis: 0 };
  for (const { pid, parent, name, own, children } of family()) {
    // Servers' keepers and esbuild are the judge's; a worker is what else this process started, and has runners.
    const kept = name === 'sh' || name === 'esbuild';
    if (/mysql|mariadb/.test(name)) spent.mysql += own;
    else if (/redis|valkey/.test(name)) spent.redis += own;
    else if (kept || pid === process.pid) spent.judge += own;
    else if (parent === process.pid) {
      spent.judge += own;
      spent.runner += children;
    }
  }
  return spent;
}
