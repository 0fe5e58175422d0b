import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { type OrderHash, orderHashes, redisOrders } from '../src/store/order-hash.ts';
import { answerModule } from './support/answer.ts';
import { machine } from './support/machine.ts';
import { interleaved, timed } from './support/rounds.ts';
import { shown, spread } from './support/spread.ts';
import { benchStore } from './support/store.ts';
import { table } from './support/table.ts';
import { resp } from './sync/7-resp.ts';
import { dump, findTools, pipe } from './sync/floor.ts';
import { runChild } from './sync/run-child.ts';

// The ladder: what each technique makes of the initial sync, as multiples of the floor: a dump of the join by the
// server's own client, then a file of RESP sent by Redis's own client. node bench/sync.ts [--rounds 5] [--orders 200000]
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    orders: { type: 'string', default: '200000' },
    part: { type: 'string', default: '5000' },
    only: { type: 'string', default: '' },
  },
});
const [rounds, orders, part] = [Number(values.rounds), Number(values.orders), Number(values.part)];

/** The rungs. `part` ones are measured on a part of the orders, and their time multiplied. */
const rungs = [
  { name: 'the report: a query and an awaited HSET an order', file: '1-report', part: true },
  { name: 'N+1 mended, each HSET awaited', file: '2-awaited' },
  { name: 'Promise.all of a page', file: '3-promise-all' },
  { name: 'a pipeline a page', file: '4-pipeline' },
  { name: 'the worked answer', file: 'answer' },
  { name: 'a pipeline a page, the next page read ahead', file: '5-prefetch' },
  { name: 'a Lua script for 250 orders, read ahead', file: '6-lua' },
  { name: 'RESP written to the socket in MULTI, read ahead', file: '7-resp' },
].filter(({ file }) => values.only === '' || values.only.split(',').some((word) => file.includes(word)));

const tools = findTools();
const folder = await mkdtemp(join(tmpdir(), 'storelab-bench-'));
const store = await benchStore();
try {
  const { redis, own, servers } = store;
  const [whole, some] = [await store.schema(orders), await store.schema(part)];
  const expected = new Map<string, Map<string, OrderHash>>();
  for (const { name } of [whole, some]) expected.set(name, await orderHashes(store.mysql, name));

  const respFile = join(folder, 'orders.resp');
  const out = createWriteStream(respFile);
  for (const [key, hash] of expected.get(whole.name)!)
    out.write(resp('HSET', key, ...Object.entries(hash).flat()));
  out.end();
  await finished(out);

  const assertSynced = async (schema: string): Promise<void> => {
    const wanted = expected.get(schema)!;
    const there = await redisOrders(redis);
    if (there.size !== wanted.size) throw new Error(`Redis holds ${there.size} orders of ${wanted.size}.`);
    for (const [key, hash] of wanted)
      if (JSON.stringify(there.get(key)) !== JSON.stringify(hash))
        throw new Error(`${key} is not as MySQL has it.`);
  };

  const floor = {
    name: 'the floor',
    run: async () => {
      await own.flush();
      const mysql = { ...servers.mysql, database: whole.name };
      const read = await timed(() => dump(tools, mysql, join(folder, 'orders.tsv')));
      const written = await timed(() => pipe(tools, own.admin, respFile));
      await assertSynced(whole.name);
      return (read + written) / 1000;
    },
  };
  const modules = await Promise.all(
    rungs.map(({ file }) =>
      file === 'answer' ? answerModule('01') : new URL(`sync/${file}.ts`, import.meta.url).pathname,
    ),
  );
  const contenders = rungs.map(({ name, part: isPart }, i) => ({
    name,
    run: async () => {
      const schema = isPart ? some : whole;
      await own.flush();
      const mysql = { ...servers.mysql, database: schema.name };
      const report = await runChild({ module: modules[i]!, mysql, redis: own.admin, sampleMs: 0 });
      if (report.orders !== schema.orders)
        throw new Error(`${name}: ${report.orders} orders of ${schema.orders}.`);
      await assertSynced(schema.name);
      return ((report.ms / 1000) * whole.orders) / schema.orders;
    },
  }));

  console.log(machine(servers));
  console.log(
    `${whole.orders.toLocaleString('en')} orders with ${whole.items.toLocaleString('en')} items, ${rounds} interleaved rounds`,
  );
  const taken = await interleaved([floor, ...contenders], {
    rounds,
    onRound: (round) => process.stderr.write(`round ${round} of ${rounds}: ${machine().split('; ')[1]}\n`),
  });
  const floors = taken.get(floor.name)!;
  const rows = [...taken].map(([name, seconds]) => {
    const ratios = seconds.map((second, round) => second / floors[round]!);
    const scaled = rungs.find((rung) => rung.name === name)?.part
      ? ` (${part.toLocaleString('en')} orders, scaled)`
      : '';
    return [`${name}${scaled}`, shown(spread(seconds), 's'), shown(spread(ratios))];
  });
  console.log(
    table([['way', 'seconds: median (least to most)', 'multiples of the floor, round by round'], ...rows]),
  );
} finally {
  await store.close();
  await rm(folder, { recursive: true, force: true });
}
