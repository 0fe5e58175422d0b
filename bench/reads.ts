import { createPool } from 'mysql2/promise';
import { mysqlClientOptions } from '../kit/servers/clients.ts';
import type { BestSellers } from '../src/contracts/best-sellers.ts';
import type { InitialSync } from '../src/contracts/initial-sync.ts';
import type { ReadOrders } from '../src/contracts/read-orders.ts';
import { answerModule } from './support/answer.ts';
import { machine } from './support/machine.ts';
import { interleaved, timed } from './support/rounds.ts';
import { shown, spread } from './support/spread.ts';
import { benchStore } from './support/store.ts';

// The worked answers of labs 02 and 05 beside a PING, all on one connection: node bench/reads.ts [orders] [rounds]
const orders = Number(process.argv[2] ?? 200_000);
const rounds = Number(process.argv[3] ?? 7);
/** Calls whose mean is one measurement: a single call of 0.1 ms says little. */
const calls = 200;

const load = async <T>(id: string): Promise<T> => (await import(await answerModule(id))) as T;
const store = await benchStore();
try {
  const { name } = await store.schema(orders);
  const mysql = createPool({ ...mysqlClientOptions(store.servers.mysql), database: name });
  const { redis } = store;
  const { syncAllOrdersToRedis } = await load<InitialSync>('01');
  const { getOrdersFromRedis } = await load<ReadOrders>('02');
  const { getBestSellers, rebuildSales } = await load<BestSellers>('05');
  await syncAllOrdersToRedis({ mysql, redis });
  await rebuildSales({ mysql, redis });

  const [last] = await mysql.query('SELECT MAX(id) AS id FROM orders');
  const [best] = await mysql.query(
    'SELECT product_id AS id, CAST(SUM(quantity) AS SIGNED) AS sold FROM order_items GROUP BY product_id ORDER BY sold DESC, product_id LIMIT 1',
  );
  const newest = await getOrdersFromRedis({ redis }, { limit: 10 });
  const [first] = await getBestSellers({ redis });
  if (newest.length !== 10 || newest[0]!.id !== (last as { id: number }[])[0]!.id) {
    throw new Error(`The newest order is not ${JSON.stringify(last)}.`);
  }
  const wanted = (best as { id: number; sold: number }[])[0]!;
  if (first?.productId !== wanted.id || first.sold !== Number(wanted.sold)) {
    throw new Error(`The best seller is not ${JSON.stringify(wanted)}.`);
  }

  const many = (work: () => Promise<unknown>) => async () => {
    const ms = await timed(async () => {
      for (let i = 0; i < calls; i++) await work();
    });
    return ms / calls;
  };
  const contenders = [
    { name: 'PING', limit: 0, run: many(() => redis.ping()) },
    {
      name: 'the last 10 orders (lab 02)',
      limit: 15,
      run: many(() => getOrdersFromRedis({ redis }, { limit: 10 })),
    },
    { name: 'the best sellers (lab 05)', limit: 4, run: many(() => getBestSellers({ redis })) },
  ];
  for (const { run } of contenders) await run(); // once each, to warm up
  const taken = await interleaved(contenders, { rounds });
  const pings = taken.get('PING')!;

  console.log(machine(store.servers));
  console.log(`${orders.toLocaleString('en')} orders, ${rounds} rounds of ${calls} calls each:`);
  for (const { name: what, limit } of contenders) {
    const ms = taken.get(what)!;
    const ratio =
      limit > 0
        ? `, ${shown(spread(ms.map((one, i) => one / pings[i]!)))} times a PING (limit ${limit})`
        : '';
    console.log(`${what.padEnd(28)} ${shown(spread(ms), 'ms')}${ratio}`);
  }
  await mysql.end();
} finally {
  await store.close();
}
