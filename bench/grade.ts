import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { LabResult } from '../kit/judge/result.ts';
import { runChecks } from '../kit/judge/run-checks.ts';
import { openServers } from '../kit/servers/open-servers.ts';
import { catalog, findLab } from '../src/catalog.ts';
import { makeClass } from './grade/class.ts';
import { processorTime } from './grade/processor-time.ts';
import { calm } from './support/calm.ts';
import { machine } from './support/machine.ts';
import { table } from './support/table.ts';

// What judging a submission costs: processor time by kind of process, and submissions a minute.
// node bench/grade.ts [--size 24] [--jobs 2] [--kind answers|mixed] [--labs 03] [--checks]: with --checks the slowest checks too,
// with --only 05.orders.many,05.best.names those checks alone, one after the other: what each costs beside a cheap one.
const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '24' },
    kind: { type: 'string' },
    labs: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    seed: { type: 'string', default: '7' },
    checks: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const size = Number(values.size);
const seed = Number(values.seed);
const jobs = Number(values.jobs);
/** Judged before the measurement begins: workers warm up, generated data are made. */
const warm = 2 * jobs;
/** Judged between the first ones and the last ones, at which workers end. */
const measured = size - warm - jobs;
const all = catalog.map(({ id }) => id);
const groups = values.labs
  ? [values.labs.split(',').map((id) => findLab(id).id)]
  : [...all.map((id) => [id]), all];
const only = values.only?.split(',').map((id) => [id]) ?? [undefined];
const kinds = values.kind ? [values.kind as 'answers'] : (['answers', 'mixed'] as const);

processorTime(); // before anything is started that it shall count
const servers = await openServers();
const folder = await mkdtemp(join(tmpdir(), 'storelab-bench-'));
try {
  console.log(machine(servers));
  const rows = [
    [
      'labs',
      'class',
      'ms a submission',
      'judge',
      'runner',
      'MySQL',
      'Redis',
      'a minute',
      'first result',
      'points',
    ],
  ];
  const slow: string[][] = [['check', 'ms by the clock']];
  for (const labs of groups) {
    for (const [kind, checks] of kinds.flatMap((one) => only.map((ids) => [one, ids] as const))) {
      const submissions = await makeClass({
        kind,
        size,
        labs,
        into: join(folder, `${labs.join('+')}-${kind}-${checks}`),
      });
      await calm();
      const { results, spent, ms, firstMs } = await judged(
        submissions.map((submission) => (checks ? { ...submission, checks } : submission)),
        labs,
      );
      for (const warning of new Set(results.flatMap(({ warnings }) => warnings))) console.error(warning);
      const each = (part: number) => (part / measured).toFixed(0);
      const sum = (of: (result: LabResult) => number) => results.reduce((n, result) => n + of(result), 0);
      rows.push([
        checks?.[0] ?? (labs.length > 1 ? 'all' : labs[0]!),
        kind,
        each(Object.values(spent).reduce((a, b) => a + b, 0)),
        ...Object.values(spent).map(each),
        ((60_000 * measured) / ms).toFixed(0),
        `${(firstMs / 1000).toFixed(1)} s`,
        `${sum((r) => r.points)} of ${sum((r) => r.maxPoints)}`,
      ]);
      if (labs.length === 1) slow.push(...slowest(results, kind));
    }
  }
  console.log(table(rows));
  if (values.checks) console.log(table(slow));
} finally {
  await rm(folder, { recursive: true, force: true });
  await servers.close();
}

async function judged(submissions: Awaited<ReturnType<typeof makeClass>>, labs: readonly string[]) {
  const begun = performance.now();
  let firstMs = 0;
  let done = 0;
  let from = { at: 0, time: processorTime() };
  let to = from;
  const results = await runChecks({
    servers,
    submissions,
    labs,
    seed,
    jobs,
    onResult: () => {
      firstMs ||= performance.now() - begun;
    },
    onLab: () => {
      done++;
      if (done === warm * labs.length) from = { at: performance.now(), time: processorTime() };
      if (done === (size - jobs) * labs.length) to = { at: performance.now(), time: processorTime() };
    },
  });
  const parts = ['judge', 'runner', 'mysql', 'redis'] as const;
  const spent = Object.fromEntries(parts.map((part) => [part, to.time[part] - from.time[part]]));
  return { results, spent, ms: to.at - from.at, firstMs };
}

/** The mean time of each check over the class, longest first. */
function slowest(results: readonly LabResult[], kind: string): string[][] {
  const times = new Map<string, number[]>();
  for (const { checks } of results)
    for (const { id, durationMs } of checks) times.set(id, [...(times.get(id) ?? []), durationMs]);
  return [...times]
    .map(([id, list]) => [id, list.reduce((a, b) => a + b, 0) / list.length] as const)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 12)
    .map(([id, ms]) => [`${id} (${kind})`, ms.toFixed(0)]);
}
