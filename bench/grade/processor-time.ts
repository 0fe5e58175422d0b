import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { procStat } from '../../kit/base/proc-stat.ts';

/** Processor time by kind of process, ms. */
export type ProcessorTime = Record<'judge' | 'runner' | 'mysql' | 'redis', number>;

/** A control group of this process and all that it starts, in which Linux counts, also for those that nobody waits for. */
function openGroup(): string {
  const mount = / (\S+) cgroup2 /.exec(readFileSync('/proc/mounts', 'utf8'))?.[1];
  if (!mount)
    throw new Error('This bench counts processor time in a control group (cgroup2), and there is none.');
  const group = join(mount, `storelab-bench-${process.pid}`);
  try {
    mkdirSync(group);
    writeFileSync(join(group, 'cgroup.procs'), String(process.pid));
  } catch (error) {
    throw new Error(`This bench counts processor time in ${group}: run it as root. (${error})`);
  }
  return group;
}

let group: string | undefined;

/**
 * Processor time so far of this process and everything that it started, on Linux. Servers and workers live long enough to
 * be asked; what is left of the whole is the runners', with what shuts them in. Two looks, and the difference is what
 * happened between them.
 *
 * @example const before = processorTime(); ...; processorTime().mysql - before.mysql // 412
 */
export function processorTime(): ProcessorTime {
  group ??= openGroup();
  const spent: ProcessorTime = { judge: 0, runner: 0, mysql: 0, redis: 0 };
  for (const pid of readFileSync(join(group, 'cgroup.procs'), 'utf8').trim().split('\n').map(Number)) {
    const stat = procStat(pid);
    if (!stat) continue;
    if (/mysql|mariadb/.test(stat.name)) spent.mysql += stat.cpuMs;
    else if (/redis|valkey/.test(stat.name)) spent.redis += stat.cpuMs;
    else if (pid === process.pid || stat.parent === process.pid || stat.name === 'esbuild')
      spent.judge += stat.cpuMs;
  }
  const all = Number(/usage_usec (\d+)/.exec(readFileSync(join(group, 'cpu.stat'), 'utf8'))?.[1]) / 1000;
  spent.runner = all - spent.judge - spent.mysql - spent.redis;
  return spent;
}
