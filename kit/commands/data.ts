import { type Command, InvalidArgumentError } from 'commander';
import { progressBar } from '../../src/lab/progress.ts';
import { loadMarket, type MarketReport } from '../../src/worlds/market/load.ts';
import { defaultData } from '../../src/worlds/store/generate.ts';
import { type LoadReport, loadStore } from '../../src/worlds/store/load.ts';
import { storeSql } from '../../src/worlds/store/sql-file.ts';
import { lastingServers } from '../servers/lasting.ts';

interface DataOptions {
  orders: number;
  players?: number;
  seed: number;
  replace?: boolean;
  sql?: boolean;
}

/** `./lab data`: loads the store's or the game's data in another size, or prints the store's as SQL. */
export function register(program: Command): void {
  program
    .command('data')
    .description("load the store's data, or the game's: more of it, or others")
    .option('--orders <n>', 'orders in all: 100, 10000, 1000000', wholeNumber, defaultData.orders)
    .option('--players <n>', "load the game's data instead: players in all", wholeNumber)
    .option('--seed <n>', 'the same seed gives the same data', wholeNumber, defaultData.seed)
    .option('--replace', 'also delete rows that you added yourself')
    .option('--sql', 'print schema and data as SQL instead')
    .action(async (options: DataOptions) => {
      if (options.sql) process.stdout.write(storeSql(options));
      else if (options.players !== undefined) await loadGame(options.players, options);
      else await load(options);
    });
}

async function load({ orders, seed, replace }: DataOptions): Promise<void> {
  const servers = await lastingServers('to load data into');
  try {
    const bar = orders >= 10_000 ? progressBar(orders, `Orders (seed ${seed})`) : undefined;
    const report = await loadStore(servers.mysql, {
      orders,
      seed,
      replace,
      onProgress: (done) => bar?.to(done),
    });
    if (report.loaded) bar?.end();
    console.log(sentence(report));
    if (report.loaded)
      console.log('Redis keeps what was synced before: empty it with `await redis.flushdb()` in a notebook.');
  } finally {
    await servers.close();
  }
}

async function loadGame(players: number, { seed, replace }: DataOptions): Promise<void> {
  const servers = await lastingServers('to load data into');
  try {
    console.log(gameSentence(await loadMarket(servers.mysql, { players, seed, replace })));
  } finally {
    await servers.close();
  }
}

/** @example sentence(report) // 'storelab holds 100 orders, 254 items, 20 users and 20 products of seed 1 (loaded in 0.1 s).' */
function sentence(report: LoadReport): string {
  return (
    `${report.schema} holds ${n(report.orders)} orders, ${n(report.items)} items, ${n(report.users)} users and ` +
    `${n(report.products)} products of seed ${report.seed} (${how(report)}).`
  );
}

/** @example gameSentence(report) // 'storelab holds 1,000 players, 5,000 listings and 1,970 sales of seed 7 (...).' */
function gameSentence(report: MarketReport): string {
  return (
    `${report.schema} holds ${n(report.players)} players, ${n(report.listings)} listings and ${n(report.sales)} sales ` +
    `of seed ${report.seed} (${how(report)}).`
  );
}

const n = (count: number): string => count.toLocaleString('en');
const how = ({ loaded, ms }: { loaded: boolean; ms: number }): string =>
  loaded ? `loaded in ${(ms / 1000).toFixed(1)} s` : 'it was there already';

function wholeNumber(text: string): number {
  const number = Number(text.replaceAll(/[,_]/g, ''));
  if (!Number.isSafeInteger(number) || number < 0)
    throw new InvalidArgumentError('It must be a whole number.');
  return number;
}
