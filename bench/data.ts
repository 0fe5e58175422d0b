import { generateStatements } from '../src/worlds/store/generate.ts';
import { machine } from './support/machine.ts';
import { repeated, timed } from './support/rounds.ts';
import { shown, spread } from './support/spread.ts';
import { benchStore } from './support/store.ts';
import { table } from './support/table.ts';

// How long the store's data takes: generated alone (the statements are thrown away), and loaded into MySQL.
// node bench/data.ts [rounds of the small sizes, default 5]
const rounds = Number(process.argv[2] ?? 5);
const sizes = [
  { orders: 100, rounds, limit: '' },
  { orders: 10_000, rounds, limit: '' },
  { orders: 1_000_000, rounds: Math.min(3, rounds), limit: '60 s' },
];

const store = await benchStore();
try {
  console.log(machine(store.servers));
  const rows = [['orders', 'items', 'generated alone', 'loaded into MySQL', 'limit']];
  for (const { orders, rounds: times, limit } of sizes) {
    const generated = await repeated(times, () =>
      timed(() => {
        let bytes = 0;
        for (const { sql } of generateStatements({ orders, seed: 1 })) bytes += sql.length;
        return bytes;
      }),
    );
    let items = 0;
    const loaded = await repeated(times, async () => {
      await store.drop(orders);
      const made = await store.schema(orders);
      if (made.orders !== orders) throw new Error(`MySQL holds ${made.orders} orders of ${orders}.`);
      items = made.items;
      return made.ms;
    });
    const seconds = (values: number[]) => shown(spread(values.map((ms) => ms / 1000)), 's');
    rows.push([
      orders.toLocaleString('en'),
      items.toLocaleString('en'),
      seconds(generated),
      seconds(loaded),
      limit,
    ]);
  }
  console.log(table(rows));
} finally {
  await store.close();
}
