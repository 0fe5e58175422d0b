import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { orderHashes } from '../src/worlds/store/order-hash.ts';
import { machine } from './support/machine.ts';
import { interleaved, timed } from './support/rounds.ts';
import { shown, spread } from './support/spread.ts';
import { benchStore } from './support/store.ts';
import { table } from './support/table.ts';
import { assertSynced, type Expected, writeResp } from './sync/expected.ts';
import { dump, findTools, pipe } from './sync/floor.ts';
import { INDEX } from './sync/pages.ts';
import { runChild, runPython } from './sync/run-child.ts';
import { rungs } from './sync/rungs.ts';

// The ladder: what each technique makes of the initial sync, as multiples of the floor: a dump of the join by the
// server's own client, then a file of RESP sent by Redis's own client.
// node bench/sync.ts [--rounds 5] [--orders 200000] [--part 5000] [--only answer,lua] [--python VENV/bin/python]
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    orders: { type: 'string', default: '200000' },
    part: { type: 'string', default: '5000' },
    only: { type: 'string', default: '' },
    python: { type: 'string', default: '' },
  },
});
const count = (n: number) => n.toLocaleString('en');
const rounds = Number(values.rounds);

const tools = findTools();
const only = values.only.split(',').filter((word) => word !== '');
const ladder = await rungs(only, values.python);
const folder = await mkdtemp(join(tmpdir(), 'storelab-bench-'));
const store = await benchStore();
try {
  const { redis, own, servers } = store;
  const whole = await store.schema(Number(values.orders));
  const part = await store.schema(Number(values.part));
  const expected = new Map<string, Expected>();
  for (const { name } of [whole, part]) expected.set(name, await orderHashes(store.mysql, name));
  const respFile = join(folder, 'orders.resp');
  await writeResp(respFile, expected.get(whole.name)!);

  const floor = {
    name: `the floor: ${tools.mysql.split('/').at(-1)} --quick, then ${tools.redis.split('/').at(-1)} --pipe`,
    run: async () => {
      await own.flush();
      const mysql = { ...servers.mysql, database: whole.name };
      const read = await timed(() => dump(tools, mysql, join(folder, 'orders.tsv')));
      const written = await timed(() => pipe(tools, own.admin, respFile));
      await assertSynced(redis, expected.get(whole.name)!);
      return (read + written) / 1000;
    },
  };
  const cpu = new Map<string, number[]>(ladder.map(({ name }) => [name, []]));
  const peak = new Map<string, number[]>(ladder.map(({ name }) => [name, []]));
  const contenders = ladder.map(({ name, module, part: isPart, variant }) => ({
    name,
    run: async () => {
      const schema = isPart ? part : whole;
      await own.flush();
      const mysql = { ...servers.mysql, database: schema.name };
      const task = { module, mysql, redis: own.admin, sampleMs: 0, ...(variant ? { variant } : {}) };
      const report = module.endsWith('.py') ? await runPython(values.python, task) : await runChild(task);
      if (report.orders !== schema.orders) throw new Error(`${name}: it says ${report.orders} orders.`);
      await assertSynced(redis, expected.get(schema.name)!);
      const indexed = await redis.zcard(INDEX);
      if (indexed !== 0 && indexed !== schema.orders) throw new Error(`${name}: ${indexed} orders indexed.`);
      const scale = whole.orders / schema.orders / 1000;
      if (report.cpuMs) cpu.get(name)!.push(report.cpuMs * scale);
      if (report.peakMb) peak.get(name)!.push(report.peakMb);
      return report.ms * scale;
    },
  }));

  console.log(machine(servers));
  console.log(`${count(whole.orders)} orders with ${count(whole.items)} items, ${rounds} interleaved rounds`);
  const taken = await interleaved([floor, ...contenders], {
    rounds,
    onRound: (round) => console.error(`round ${round} of ${rounds}, ${machine().split('; ')[1]}`),
  });
  const floors = taken.get(floor.name)!;
  const rows = [...taken].map(([name, seconds]) => [
    ladder.find((rung) => rung.name === name)?.part ? `${name} (${count(part.orders)} orders, scaled)` : name,
    shown(spread(seconds.map((second, round) => second / floors[round]!))),
    shown(spread(seconds), 's'),
    ...(cpu.get(name)?.length
      ? [shown(spread(cpu.get(name)!), 's'), `${Math.round(spread(peak.get(name)!).median)} MB`]
      : []),
  ]);
  const titles = ['way', 'times the floor (least to most)', 'time', 'its own processor time', 'peak memory'];
  console.log(table([titles, ...rows]));
} finally {
  await store.close();
  await rm(folder, { recursive: true, force: true });
}
