import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { childrenOf, procStat } from '../kit/base/proc-stat.ts';
import { runChecks } from '../kit/judge/run-checks.ts';
import { openServers } from '../kit/servers/open-servers.ts';
import { findLab } from '../src/catalog.ts';
import { makeClass } from './grade/class.ts';
import { machine } from './support/machine.ts';

// Memory of the judge and its runners (not of MySQL and Redis) over a class, at each tenth of it.
// node bench/grade-memory.ts [--size 1000] [--labs 03] [--jobs 2]
const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1000' },
    labs: { type: 'string', default: '03' },
    jobs: { type: 'string' },
  },
});
const size = Number(values.size);
const labs = values.labs.split(',').map((id) => findLab(id).id);
const LIMIT_MB = 1000;

/**
 * Memory of a process and all below it, MB of 1,000,000 bytes; servers and what they start left out. `pss` counts a page
 * that several processes share once, `rss` once for each: Node's own program is 50 MB in every one of them.
 */
function memoryMb(pid: number): { pss: number; rss: number } {
  const name = procStat(pid)?.name ?? '';
  if (/mysql|mariadb|redis|valkey|keeper|^sh$/.test(name)) return { pss: 0, rss: 0 };
  const text = read(`/proc/${pid}/smaps_rollup`);
  const own = (what: string) =>
    (Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024) / 1e6;
  const below = childrenOf(pid).map(memoryMb);
  return {
    pss: own('Pss') + below.reduce((sum, { pss }) => sum + pss, 0),
    rss: own('Rss') + below.reduce((sum, { rss }) => sum + rss, 0),
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

const servers = await openServers();
const folder = await mkdtemp(join(tmpdir(), 'storelab-bench-'));
try {
  console.log(machine(servers));
  const submissions = await makeClass({ kind: 'mixed', size, labs, into: folder });
  const tenths: { pss: number; rss: number }[] = [];
  let peak = { pss: 0, rss: 0 };
  let done = 0;
  const begun = performance.now();
  const timer = setInterval(() => {
    const now = memoryMb(process.pid);
    peak = { pss: Math.max(peak.pss, now.pss), rss: Math.max(peak.rss, now.rss) };
  }, 100);
  await runChecks({
    servers,
    submissions,
    labs,
    seed: 7,
    ...(values.jobs ? { jobs: Number(values.jobs) } : {}),
    onLab: () => {
      done++;
      if (done % Math.ceil((size * labs.length) / 10) !== 0) return;
      tenths.push(peak);
      peak = { pss: 0, rss: 0 };
    },
  });
  clearInterval(timer);
  const minutes = (performance.now() - begun) / 60_000;
  console.log(`${size} submissions of lab ${values.labs} in ${minutes.toFixed(1)} minutes`);
  for (const kind of ['pss', 'rss'] as const)
    console.log(`${kind}, peak in each tenth, MB: ${tenths.map((mb) => mb[kind].toFixed(0)).join(', ')}`);
  process.exitCode = Math.max(...tenths.map(({ pss }) => pss)) > LIMIT_MB ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true });
  await servers.close();
}
