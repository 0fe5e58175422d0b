import { setTimeout as delay } from 'node:timers/promises';
import pc from 'picocolors';
import { catalog } from '../../src/catalog.ts';
import { ensureMarket } from '../../src/worlds/market/load.ts';
import { ensureStore } from '../../src/worlds/store/load.ts';
import { rootFolder } from '../base/root.ts';
import { ServersUnavailable } from '../servers/errors.ts';
import { installPlan } from '../servers/install.ts';
import { openServers } from '../servers/open-servers.ts';
import { publishServers } from '../servers/published.ts';
import type { Servers } from '../servers/servers.ts';
import { openBrowser } from './browser.ts';
import { consent } from './consent.ts';
import { installServers } from './ensure-servers.ts';
import { SetupFailed } from './failure.ts';
import { startJupyter } from './jupyter-server.ts';
import { choosePort, startOnFreePort } from './port.ts';
import { prepare } from './prepare.ts';
import { printSteps } from './print-steps.ts';
import { runStep, type StepListener } from './run-step.ts';
import { findRunning, forgetStart, rememberStart } from './running.ts';
import { listenForStop } from './signals.ts';

export interface StartOptions {
  browser: boolean;
  /** Of JupyterLab; default 8888 or the next free one. */
  port?: number;
  yes?: boolean;
}

const firstNotebook = `notebooks/${catalog[0]!.id}.ipynb`;

/** What runs, to be closed in the reverse order. */
type Closers = (() => unknown)[];

/**
 * Sets up what is missing, starts the servers and JupyterLab, prints the address and stays until it is stopped.
 * Nothing that it started outlives it. Resolves to the exit code.
 *
 * @throws SetupFailed, ServersUnavailable: with the next command.
 */
export async function start({ browser, port: asked, yes }: StartOptions): Promise<number> {
  const root = rootFolder();
  const running = await findRunning(root);
  if (running) {
    console.log(`storelab runs already (process ${running.pid}):\n\n  ${pc.cyan(running.url)}\n`);
    if (browser) await openBrowser(running.url, running);
    return 0;
  }
  const closers: Closers = [];
  const stop = listenForStop({ onAgain: () => process.exit(130) });
  const onStep = printSteps(process.stderr);
  try {
    const { port, passedOver } = await choosePort(asked);
    const { jupyter } = await prepare({ jupyter: true, yes, onStep, signal: stop.signal });
    // JupyterLab starts beside the servers; its step waits for what is left of it.
    const starting = startOnFreePort(asked, {
      first: port,
      start: (free) =>
        startJupyter(root, {
          python: jupyter!.python,
          port: free,
          notebook: firstNotebook,
          signal: stop.signal,
        }),
    });
    const closeLab = starting.then(
      ({ close }) => close,
      () => () => {},
    );
    const servers = await untilStopped(haveServers(onStep, closers, { yes }), stop.asked).finally(() =>
      // Closed first: its kernels hold connections to the servers.
      closers.push(async () => (await closeLab)()),
    );
    await untilStopped(loadData(onStep, servers), stop.asked);
    const because = passedOver ? ` (port ${passedOver} is taken)` : '';
    const server = await runStep(onStep, 'Notebooks', {
      why: 'starting JupyterLab',
      work: async () => {
        const value = await starting;
        return {
          value,
          said: `JupyterLab on port ${new URL(value.url).port} of this machine alone${because}`,
        };
      },
    });
    rememberStart(root, { pid: process.pid, url: server.url, page: server.page });
    closers.push(() => forgetStart(root));
    console.log(
      `\nstorelab is ready:\n\n  ${pc.cyan(server.url)}\n\nCtrl-C here stops JupyterLab and the servers.`,
    );
    if (browser && !(await openBrowser(server.url, server))) {
      console.log('No browser opened here: open the address above in yours.');
    }
    await Promise.race([stop.asked, server.ended]);
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    return 130;
  } finally {
    if (closers.length > 0) console.error('\nStopping JupyterLab and the servers ...');
    for (const close of closers.reverse()) await close();
    if (closers.length > 0) console.error('Stopped.');
    stop.release();
  }
}

/** A stop waits for work that cannot be interrupted, so that it can be undone: not longer than 15 seconds. */
async function untilStopped<T>(work: Promise<T>, asked: Promise<void>): Promise<T> {
  const stopped = asked.then(async () => {
    await Promise.race([work.catch(() => {}), delay(15_000, undefined, { ref: false })]);
    throw new SetupFailed('stopped', 'Stopped.');
  });
  return Promise.race([work, stopped]);
}

/** Docker may answer and yet have no images: then the server programs are installed after all. */
async function haveServers(
  onStep: StepListener,
  closers: Closers,
  { yes }: { yes?: boolean },
): Promise<Servers> {
  try {
    return await startServers(onStep, closers);
  } catch (error) {
    const missing = error instanceof ServersUnavailable && error.code === 'BINARY_MISSING';
    if (!missing || process.env.LAB_SERVERS) throw error;
    await installServers(await installPlan(), { agree: consent({ yes }), onStep });
    return startServers(onStep, closers);
  }
}

function startServers(onStep: StepListener, closers: Closers): Promise<Servers> {
  return runStep(onStep, 'MySQL and Redis', {
    why: 'starting',
    work: async (tell) => {
      const servers = await openServers({ onStep: tell });
      closers.push(() => servers.close());
      // `./lab check` in another terminal, and the notebooks, find these servers.
      closers.push(await publishServers(servers));
      const { mysqlVersion: m, redisVersion: r } = servers;
      return { value: servers, said: `${m.flavour} ${m.version}, ${r.flavour} ${r.version}. ${servers.why}` };
    },
  });
}

function loadData(onStep: StepListener, servers: Servers): Promise<void> {
  return runStep(onStep, "The store's data", {
    why: 'loading',
    work: async (tell) => {
      const report = await ensureStore(servers.mysql, {
        onProgress: (done, total) => tell(`${done} of ${total} orders`),
      });
      const { orders, users, products, schema } = report;
      await ensureMarket(servers.mysql, { schema });
      const said = report.loaded
        ? `${orders} orders of ${users} users, ${products} products, in the schema ${schema}`
        : `there already in the schema ${schema}`;
      return { value: undefined, said };
    },
  });
}
