import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { apps } from '../../apps/index.ts';
import { loadLabs, watchLabs } from '../../apps/load-labs.ts';
import type { App } from '../../apps/shared/app.ts';
import { serversOf } from '../../src/lab/current-session.ts';
import { studentsEdition } from '../base/edition.ts';
import { findSubmission } from '../judge/submission.ts';
import { useServers } from '../servers/use.ts';
import { askCautiously, atTerminal } from '../setup/consent.ts';
import { portIsFree } from '../setup/port.ts';
import { listenForStop } from '../setup/signals.ts';
import { runAsOneself } from './run-as-oneself.ts';

interface ServeOptions {
  port: number;
  host: string;
  answers?: boolean;
  trust?: boolean;
}

/** `./lab serve store` or `market`: one of the applications, on your labs or the worked answers. */
export function register(program: Command): void {
  program
    .command('serve')
    .description("open the web shop, or the game's API, on your labs: ./lab serve store")
    .argument('<app>', apps.map(({ name }) => name).join(' or '))
    .option('--port <number>', 'port to listen on; 0 is any free one', portNumber, 5000)
    .option('--host <address>', 'address to listen on; 0.0.0.0 is every network', '127.0.0.1')
    .option('--trust', 'run what LABS names outside of this folder without asking')
    .addOption(
      new Option('--answers', 'run on the worked answers instead of your labs').hideHelp(
        studentsEdition() !== undefined,
      ),
    )
    .action(async (name: string, options: ServeOptions) => {
      process.exit(await serveApp(appCalled(name), options));
    });
}

function appCalled(name: string): App {
  const app = apps.find((one) => one.name === name);
  if (app) return app;
  const commands = apps.map((one) => `./lab serve ${one.name}`).join(', or ');
  throw new Error(`There is no app "${name}" to serve: ${commands}`);
}

async function serveApp(app: App, { port, host, answers, trust = false }: ServeOptions): Promise<number> {
  const { name, title, labIds } = app;
  // Said before anything is started: the commonest of failures should cost no time.
  if (port !== 0 && isLoopback(host) && !(await portIsFree(port))) throw await portTaken(name, port);
  const chosen = findSubmission(
    answers ? 'answers' : process.env.LABS,
    process.env.INIT_CWD ?? process.cwd(),
  );
  await runAsOneself(chosen, { trusted: trust, ask: atTerminal() ? askCautiously : undefined });
  const stop = listenForStop({ onAgain: () => process.exit(130) });
  const say = (sentence: string) => console.log(pc.dim(`  ${sentence}`));
  const servers = await useServers({ onStep: say, patient: { signal: stop.signal } }).catch((error) => {
    if (stop.signal.aborted) return undefined;
    throw error;
  });
  if (!servers) return 0;
  try {
    const opening = app.open({
      mysql: servers.mysql,
      redis: servers.redis,
      servers: serversOf(servers),
      labsName: chosen.name,
      loadLabs: () => loadLabs(chosen, labIds),
      host,
      port,
      say,
    });
    const opened = await Promise.race([opening, stop.asked]).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') throw await portTaken(name, port);
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
        throw new Error(
          `This machine has no address ${host}: ./lab serve ${name} --host 127.0.0.1, or 0.0.0.0 for all.`,
        );
      if (error.code === 'EACCES')
        throw new Error(`This user may not listen on port ${port}: take one from 1024 upwards, --port 5000.`);
      throw error;
    });
    if (!opened) return 0;
    console.log(`\n  ${pc.bold(`${title} is open at ${opened.url}`)}  Ctrl-C closes it.\n`);
    if (!isLoopback(host)) console.log(pc.yellow(`  ${opened.caution}\n`));
    const endWatch = await watchLabs(chosen, answers ? [] : labIds, async (file) => {
      await opened.useLabs();
      say(`${file} was edited: ${title.toLowerCase()} goes on with it.`);
    });
    await stop.asked;
    endWatch();
    say(`Closing ${title.toLowerCase()}.`);
    await opened.close();
    return 0;
  } finally {
    await servers.close();
    stop.release();
  }
}

async function portTaken(name: string, port: number): Promise<Error> {
  let free = port + 1;
  while (free < 65_535 && !(await portIsFree(free))) free++;
  return new Error(
    `Port ${port} is taken by another program. A free one: ./lab serve ${name} --port ${free}`,
  );
}

const isLoopback = (host: string): boolean => /^(127\.|localhost$|::1$)/.test(host);

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError('It must be a number from 0 to 65535, such as 5000.');
  return port;
}
