import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { studentsEdition } from '../edition.ts';
import { findSubmission } from '../grade/submission.ts';
import { serversOf } from '../lab/session.ts';
import { useServers } from '../servers/use.ts';
import { portIsFree } from '../setup/port.ts';
import { listenForStop } from '../setup/signals.ts';
import { chooseLabs } from '../store/app/labs/choose-labs.ts';
import { shopLabIds } from '../store/app/labs/shop-labs.ts';
import { openShop } from '../store/app/shop.ts';
import { ensureStore } from '../store/load.ts';
import { loadLabs, watchLabs } from '../store/load-labs.ts';

interface ServeOptions {
  port: number;
  host: string;
  answers?: boolean;
}

/** `./lab serve store`: the web shop of the store manager, on your labs or the worked answers. */
export function register(program: Command): void {
  program
    .command('serve')
    .description('open the web shop on your labs: ./lab serve store')
    .argument('<app>', 'store')
    .option('--port <number>', 'port to listen on; 0 is any free one', portNumber, 5000)
    .option('--host <address>', 'address to listen on; 0.0.0.0 is every network', '127.0.0.1')
    .addOption(
      new Option('--answers', 'run on the worked answers instead of your labs').hideHelp(
        studentsEdition() !== undefined,
      ),
    )
    .action(async (app: string, options: ServeOptions) => {
      if (app !== 'store') throw new Error(`There is no app "${app}" to serve: ./lab serve store`);
      process.exit(await serveStore(options));
    });
}

async function serveStore({ port, host, answers }: ServeOptions): Promise<number> {
  // Said before anything is started: the commonest of failures should cost no time.
  if (port !== 0 && isLoopback(host) && !(await portIsFree(port))) throw await portTaken(port);
  const stop = listenForStop({ onAgain: () => process.exit(130) });
  const say = (sentence: string) => console.log(pc.dim(`  ${sentence}`));
  const chosen = findSubmission(
    answers ? 'answers' : process.env.LABS,
    process.env.INIT_CWD ?? process.cwd(),
  );
  const servers = await useServers({ onStep: say });
  try {
    const { schema, orders } = await ensureStore(servers.mysql);
    say(`${serversOf(servers)} The store holds ${orders.toLocaleString('en')} orders.`);
    const labs = await chooseLabs(await loadLabs(chosen, shopLabIds));
    const about = `${serversOf(servers)} Labs: ${chosen.name}.`;
    const opening = openShop({
      mysql: servers.mysql,
      schema,
      redis: servers.redis,
      labs,
      about,
      host,
      port,
      say,
    });
    const shop = await Promise.race([opening, stop.asked]).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') throw await portTaken(port);
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
        throw new Error(
          `This machine has no address ${host}: ./lab serve store --host 127.0.0.1, or 0.0.0.0 for all.`,
        );
      if (error.code === 'EACCES')
        throw new Error(`This user may not listen on port ${port}: take one from 1024 upwards, --port 5000.`);
      throw error;
    });
    if (!shop) return 0;
    console.log(`\n  ${pc.bold(`The shop is open at ${shop.url}`)}  Ctrl-C closes it.\n`);
    if (!isLoopback(host))
      console.log(
        pc.yellow('  Whoever reaches this machine can order and delete: the shop has no log-in.\n'),
      );
    const endWatch = await watchLabs(chosen, answers ? [] : shopLabIds, async (file) => {
      await shop.useLabs(await loadLabs(chosen, shopLabIds));
      say(`${file} was edited: the shop goes on with it.`);
    });
    await stop.asked;
    endWatch();
    say('Closing the shop.');
    await shop.close();
    return 0;
  } finally {
    await servers.close();
    stop.release();
  }
}

async function portTaken(port: number): Promise<Error> {
  let free = port + 1;
  while (free < 65_535 && !(await portIsFree(free))) free++;
  return new Error(`Port ${port} is taken by another program. A free one: ./lab serve store --port ${free}`);
}

const isLoopback = (host: string): boolean => /^(127\.|localhost$|::1$)/.test(host);

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError('It must be a number from 0 to 65535, such as 5000.');
  return port;
}
