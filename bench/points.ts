import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runChecks } from '../kit/judge/run-checks.ts';
import { findSubmission } from '../kit/judge/submission.ts';
import { hostileSubmissions } from '../kit/prove/kept/hostile.ts';
import { keptSolutions } from '../kit/prove/kept/solutions.ts';
import { openServers } from '../kit/servers/open-servers.ts';
import { catalog, findLab } from '../src/catalog.ts';

// What every kept solution scores, check by check, so that a change without a change of logic can be shown to be one.
// node bench/points.ts --out before.json [--labs 03,04] [--seed 7]; node bench/points.ts --compare before.json after.json
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    labs: { type: 'string' },
    seed: { type: 'string', default: '7' },
    compare: { type: 'boolean', default: false },
  },
});

/** `{ "wrong/03-hset-mapping/pipeline": { "03.add.trips": "failed", … }, … }` */
type Points = Record<string, Record<string, string>>;

if (values.compare) compare(...(positionals as [string, string]));
else await judge(values.out!);

async function judge(out: string): Promise<void> {
  const labs = values.labs?.split(',').map((id) => findLab(id).id) ?? catalog.map(({ id }) => id);
  const perLab = labs.map(async (lab) => [
    { kind: 'answers', lab, ...findSubmission('answers') },
    { kind: 'labs', lab, ...findSubmission('labs') },
    ...(await ofKind('right', lab)),
    ...(await ofKind('wrong', lab)),
    ...hostileSubmissions()
      .filter((one) => one.lab === lab)
      .map(({ name, path, checks }) => ({ kind: 'hostile', lab, name, path, ...(checks ? { checks } : {}) })),
  ]);
  const kept = (await Promise.all(perLab)).flat();
  const servers = await openServers();
  const points: Points = {};
  try {
    await runChecks({
      servers,
      submissions: kept.map((one) => ({ ...one, labs: [one.lab] })),
      labs,
      seed: Number(values.seed),
      onLab: (result, index) => {
        const { kind, lab, name } = kept[index]!;
        points[`${kind}/${lab}/${name}`] = Object.fromEntries(
          result.checks.map(({ id, outcome, points: n }) => [id, `${outcome} ${n}`]),
        );
        const done = Object.keys(points).length;
        if (done % 20 === 0) console.error(`${done} of ${kept.length} judged`);
      },
    });
  } finally {
    await servers.close();
  }
  writeFileSync(out, `${JSON.stringify(points, null, 1)}\n`);
  console.log(`${Object.keys(points).length} solutions judged: ${out}`);
}

async function ofKind(kind: 'right' | 'wrong', lab: string) {
  return (await keptSolutions(kind, lab)).map(({ name, path }) => ({ kind, lab, name, path }));
}

function compare(before: string, after: string): void {
  const [a, b] = [before, after].map((file) => JSON.parse(readFileSync(file, 'utf8')) as Points) as [
    Points,
    Points,
  ];
  let verdicts = 0;
  let differ = 0;
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    for (const check of new Set([...Object.keys(a[name] ?? {}), ...Object.keys(b[name] ?? {})])) {
      verdicts++;
      const [was, is] = [a[name]?.[check] ?? 'not there', b[name]?.[check] ?? 'not there'];
      if (was === is) continue;
      differ++;
      console.log(`${name} ${check}: was ${was}, is ${is}`);
    }
  }
  console.log(`${Object.keys(b).length} solutions, ${verdicts} verdicts, ${differ} differ`);
  process.exitCode = differ > 0 ? 1 : 0;
}
