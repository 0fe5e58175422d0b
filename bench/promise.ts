import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { mysqlClientOptions } from '../kit/servers/clients.ts';
import { openServers } from '../kit/servers/open-servers.ts';
import { withRedis } from '../kit/servers/versions.ts';
import { loadMarket } from '../src/worlds/market/load.ts';
import { capacity, type Loaded, P99_MS, type Probe, probe } from './promise/capacity.ts';
import { openGameProcess } from './promise/game-process.ts';
import { installLoad } from './promise/install-load.ts';
import { type Mix, mixes, requestsOf } from './promise/mixes.ts';
import { promisePage } from './promise/page.ts';
import type { Measured, Round } from './promise/round.ts';
import { machine } from './support/machine.ts';

// What the game's document promises of its cache: the game with the cache on and off. ./lab bench promise [rounds] [players]
const rounds = Number(process.argv[2] ?? 3);
const players = Number(process.argv[3] ?? 2000);

/** Users at whom queries and response times are compared. */
const USUAL = 5;

const load = await installLoad();
const servers = await openServers({ onStep: console.log });
const schema = 'storelab_promise';
const admin = await createConnection(mysqlClientOptions(servers.mysql));
const measured: Round[] = [];
const probes: (Probe & { mix: Mix; cache: boolean })[] = [];

try {
  const about = `${machine(servers)}; ${players} players, ${rounds} rounds`;
  console.log(about);
  await loadMarket(servers.mysql, { schema, players });
  // Offers must not run out of what is offered, and no inventory may grow by it.
  await admin.query(`UPDATE ${schema}.inventories SET quantity = 1000000`);
  const [rows] = await admin.query<RowDataPacket[]>(
    `SELECT login FROM ${schema}.players WHERE role = 'player' ORDER BY id LIMIT 8`,
  );
  const logins = rows.map(({ login }) => login as string);
  await admin.query(
    `INSERT IGNORE INTO ${schema}.inventories (player_id, resource_id, quantity)
     SELECT p.id, r.id, 1000000 FROM ${schema}.players p, ${schema}.resources r WHERE p.login IN (?)`,
    [logins],
  );
  const [[before]] = await admin.query<RowDataPacket[]>(`SELECT MAX(id) AS id FROM ${schema}.listings`);
  const forgetOffers = () => admin.query(`DELETE FROM ${schema}.listings WHERE id > ?`, [before!.id]);
  for (let round = 1; round <= rounds; round++) {
    for (const mix of Object.keys(mixes) as Mix[]) {
      const capacities: Record<string, number> = {};
      const at: Record<string, Omit<Measured, 'capacity'>> = {};
      for (const cache of round % 2 ? [false, true] : [true, false]) {
        await withRedis(servers.redis, (redis) => redis.flushdb()); // each game begins with an empty cache
        const game = await openGameProcess(servers, schema, { cache });
        try {
          const loaded: Loaded = { load, url: game.url, requests: await requestsOf(game.url, mix, logins) };
          await probe(loaded, 10); // to warm up
          capacities[String(cache)] = await capacity(loaded, (one) => {
            probes.push({ ...one, mix, cache });
            console.log(
              `round ${round}, ${mix}, cache ${cache ? 'on' : 'off'}: ${one.users} users, ${Math.round(one.reached)} requests a second, p99 ${one.p99} ms`,
            );
          });
          at[String(cache)] = await usual(loaded);
        } finally {
          await game.close();
          await forgetOffers();
        }
      }
      const of = (cache: boolean): Measured => ({
        capacity: capacities[String(cache)]!,
        ...at[String(cache)]!,
      });
      measured.push({ mix, on: of(true), off: of(false) });
    }
  }
  console.log(await promisePage({ about, measured, probes, p99: P99_MS, usual: USUAL }));
} finally {
  await admin.query(`DROP DATABASE IF EXISTS ${schema}`);
  admin.destroy();
  await servers.close();
}

/** Latency and MySQL's work with a few users. */
async function usual(game: Loaded): Promise<Omit<Measured, 'capacity'>> {
  const asked = async () => {
    const [[row]] = await admin.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Questions'");
    return Number(row!.Value);
  };
  const from = await asked();
  const { mean, total } = await probe(game, USUAL);
  return { mean, queries: ((await asked()) - from - 1) / (total / 1000) };
}
