import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { loadLabs, watchLabs } from '../../apps/load-labs.ts';
import { marketLabIds, marketLabs } from '../../apps/market/load-market-labs.ts';
import { openMarket } from '../../apps/market/open-market.ts';
import { chooseLabs } from '../../apps/store/labs/choose-labs.ts';
import { shopLabIds } from '../../apps/store/labs/shop-labs.ts';
import { openShop } from '../../apps/store/shop.ts';
import { cacheConfigOf } from '../../src/cache/cache-config.ts';
import { serversOf } from '../../src/lab/session.ts';
import { fixturePassword } from '../../src/worlds/market/fixture.ts';
import { ensureMarket } from '../../src/worlds/market/load.ts';
import { ensureStore } from '../../src/worlds/store/load.ts';
import { studentsEdition } from '../base/edition.ts';
import { findSubmission, type Submission } from '../judge/submission.ts';
import type { Servers } from '../servers/servers.ts';
import { useServers } from '../servers/use.ts';
import { portIsFree } from '../setup/port.ts';
import { listenForStop } from '../setup/signals.ts';

interface ServeOptions {
  port: number;
  host: string;
  answers?: boolean;
}

/** `./lab serve store` or `market`: the web shop, or the game's API, on your labs or the worked answers. */
export function register(program: Command): void {
  program
    .command('serve')
    .description("open the web shop, or the game's API, on your labs: ./lab serve store")
    .argument('<app>', 'store or market')
    .option('--port <number>', 'port to listen on; 0 is any free one', portNumber, 5000)
    .option('--host <address>', 'address to listen on; 0.0.0.0 is every network', '127.0.0.1')
    .addOption(
      new Option('--answers', 'run on the worked answers instead of your labs').hideHelp(
        studentsEdition() !== undefined,
      ),
    )
    .action(async (app: string, options: ServeOptions) => {
      if (app !== 'store' && app !== 'market')
        throw new Error(`There is no app "${app}" to serve: ./lab serve store, or ./lab serve market`);
      process.exit(await serveApp(app, options));
    });
}

/** An app that is open. */
interface Served {
  url: string;
  /** The labs that it runs on. */
  labIds: readonly string[];
  /** What whoever opens it to a network should know. */
  caution: string;
  useLabs(): Promise<void>;
  close(): Promise<void>;
}

/** What an app is opened with. */
interface Opening {
  chosen: Submission;
  servers: Servers;
  host: string;
  port: number;
  say(sentence: string): void;
}

async function serveApp(app: 'store' | 'market', { port, host, answers }: ServeOptions): Promise<number> {
  // Said before anything is started: the commonest of failures should cost no time.
  if (port !== 0 && isLoopback(host) && !(await portIsFree(port))) throw await portTaken(app, port);
  const stop = listenForStop({ onAgain: () => process.exit(130) });
  const say = (sentence: string) => console.log(pc.dim(`  ${sentence}`));
  const chosen = findSubmission(
    answers ? 'answers' : process.env.LABS,
    process.env.INIT_CWD ?? process.cwd(),
  );
  const servers = await useServers({ onStep: say });
  try {
    const open = app === 'store' ? openStoreApp : openMarketApp;
    const opening = open({ chosen, servers, host, port, say });
    const served = await Promise.race([opening, stop.asked]).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') throw await portTaken(app, port);
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
        throw new Error(
          `This machine has no address ${host}: ./lab serve ${app} --host 127.0.0.1, or 0.0.0.0 for all.`,
        );
      if (error.code === 'EACCES')
        throw new Error(`This user may not listen on port ${port}: take one from 1024 upwards, --port 5000.`);
      throw error;
    });
    if (!served) return 0;
    const what = app === 'store' ? 'The shop' : 'The game';
    console.log(`\n  ${pc.bold(`${what} is open at ${served.url}`)}  Ctrl-C closes it.\n`);
    if (!isLoopback(host)) console.log(pc.yellow(`  ${served.caution}\n`));
    const endWatch = await watchLabs(chosen, answers ? [] : served.labIds, async (file) => {
      await served.useLabs();
      say(`${file} was edited: ${what.toLowerCase()} goes on with it.`);
    });
    await stop.asked;
    endWatch();
    say(`Closing ${what.toLowerCase()}.`);
    await served.close();
    return 0;
  } finally {
    await servers.close();
    stop.release();
  }
}

async function openStoreApp({ chosen, servers, host, port, say }: Opening): Promise<Served> {
  const { schema, orders } = await ensureStore(servers.mysql);
  say(`${serversOf(servers)} The store holds ${orders.toLocaleString('en')} orders.`);
  const labs = await chooseLabs(await loadLabs(chosen, shopLabIds));
  const { mysql, redis } = servers;
  const about = `${serversOf(servers)} Labs: ${chosen.name}.`;
  const shop = await openShop({ mysql, schema, redis, labs, about, host, port, say });
  return {
    url: shop.url,
    labIds: shopLabIds,
    caution: 'Whoever reaches this machine can order and delete: the shop has no log-in.',
    useLabs: async () => shop.useLabs(await loadLabs(chosen, shopLabIds)),
    close: () => shop.close(),
  };
}

async function openMarketApp({ chosen, servers, host, port, say }: Opening): Promise<Served> {
  const config = cacheConfigOf(); // a wrong value is said before anything is loaded
  const { schema, players } = await ensureMarket(servers.mysql);
  say(`${serversOf(servers)} The game holds ${players.toLocaleString('en')} players.`);
  const labs = marketLabs(await loadLabs(chosen, marketLabIds));
  for (const problem of labs.problems()) say(problem);
  const secret = process.env.MARKET_JWT_SECRET || undefined;
  const { mysql, redis } = servers;
  const market = await openMarket({ mysql, schema, redis, labs, config, secret, host, port, say });
  say(
    `Log in as a player: POST ${market.url}/api/auth/login {"login":"gita","password":"${fixturePassword}"}`,
  );
  return {
    url: market.url,
    labIds: marketLabIds,
    caution: `Every player of the kit's data has the same password, "${fixturePassword}", and nothing is encrypted.`,
    useLabs: async () => labs.use(await loadLabs(chosen, marketLabIds)),
    close: () => market.close(),
  };
}

async function portTaken(app: string, port: number): Promise<Error> {
  let free = port + 1;
  while (free < 65_535 && !(await portIsFree(free))) free++;
  return new Error(`Port ${port} is taken by another program. A free one: ./lab serve ${app} --port ${free}`);
}

const isLoopback = (host: string): boolean => /^(127\.|localhost$|::1$)/.test(host);

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError('It must be a number from 0 to 65535, such as 5000.');
  return port;
}
