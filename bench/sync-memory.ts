import { answerModule } from './support/answer.ts';
import { machine } from './support/machine.ts';
import { benchStore } from './support/store.ts';
import { runChild } from './sync/run-child.ts';

// The worked answer of lab 01 on 1,000,000 orders: time, and how much memory the process that syncs holds.
// node bench/sync-memory.ts [orders]
const orders = Number(process.argv[2] ?? 1_000_000);
const limitMb = 400;

const store = await benchStore();
try {
  const { name, items } = await store.schema(orders);
  const report = await runChild({
    module: await answerModule('01'),
    mysql: { ...store.servers.mysql, database: name },
    redis: store.own.admin,
    sampleMs: 100,
  });
  let there = 0;
  const keys = store.redis.scanStream({ match: 'order:[0-9]*', count: 10_000, type: 'hash' });
  for await (const some of keys as AsyncIterable<string[]>) there += some.length;
  if (report.orders !== orders || there !== orders)
    throw new Error(`The sync says ${report.orders} of ${orders} orders, and Redis holds ${there}.`);
  console.log(machine(store.servers));
  console.log(
    `${orders.toLocaleString('en')} orders with ${items.toLocaleString('en')} items: ${(report.ms / 1000).toFixed(1)} s, ` +
      `peak ${report.peakMb} MB resident (limit ${limitMb}), ${report.beforeMb} MB before the sync`,
  );
  console.log(curve(report.curveMb));
  if (report.peakMb > limitMb) process.exitCode = 1;
} finally {
  await store.close();
}

/** The readings as twenty bars, from the first to the last moment of the sync. */
function curve(readings: readonly number[]): string {
  const bars = 20;
  return Array.from({ length: bars }, (_, i) => {
    const from = Math.floor((i * readings.length) / bars);
    const most = Math.max(
      0,
      ...readings.slice(from, Math.max(from + 1, Math.floor(((i + 1) * readings.length) / bars))),
    );
    return `${String(Math.round(((i + 1) * 100) / bars)).padStart(4)} %  ${'█'.repeat(Math.round(most / 10))} ${most} MB`;
  }).join('\n');
}
