import { call, type Engine, findEngine, hasImage } from '../../servers/containers/engine.ts';
import { findProgram } from '../../servers/local/binaries.ts';
import { type Containers, IMAGE, startInContainer } from './container.ts';
import { startContained } from './container-process.ts';
import { libraries } from './libraries.ts';

/** Containers as they work here, or a sentence with what is missing and the next step. */
export type ContainerProbe = (Containers & { version: string }) | { missing: string };

/** What an engine tells of itself, as far as it is read here. */
interface EngineInfo {
  ServerVersion?: string;
  OSType?: string;
  PidsLimit?: boolean;
  MemoryLimit?: boolean;
  SwapLimit?: boolean;
}

/** How long an engine may take to say what it is, ms. */
const STALL_MS = 10_000;

/**
 * Starts Node in a container exactly as a runner starts. Where no engine answers it has cost a few milliseconds.
 *
 * @example await lookForContainers() // { missing: 'Level 2 needs a Docker engine, and none answers.' }
 */
export async function lookForContainers(): Promise<ContainerProbe> {
  if (process.platform !== 'linux') return { missing: 'Level 2 needs a Docker engine on Linux itself.' };
  const engine = await findEngine();
  if (!engine)
    return {
      missing:
        'Level 2 needs a Docker engine, and none answers: start Docker, or get the right to use it (the group docker).',
    };
  if (!('socketPath' in engine.at))
    return { missing: 'Level 2 needs a Docker engine on this machine, not one behind a network.' };
  const [docker, timeout] = [findProgram(['docker']), findProgram(['timeout'])];
  if (!docker) return { missing: 'Level 2 needs the `docker` program: install it beside the engine.' };
  if (!timeout) return { missing: "Level 2 needs coreutils' `timeout`." };
  try {
    const info = await infoOf(engine);
    if (!info.PidsLimit) return { missing: 'Level 2 needs an engine that limits the number of processes.' };
    if (!(await hasImage(engine, IMAGE))) await makeImage(engine);
    const containers = {
      engine,
      docker,
      timeout,
      libraries: await libraries([process.execPath, timeout]),
      boundsMemory: Boolean(info.MemoryLimit && info.SwapLimit),
      version: info.ServerVersion ?? 'of unknown version',
    };
    await tryOut(containers);
    return containers;
  } catch (error) {
    const said = (error as Error).message.trim().split('\n').at(0)!.slice(0, 300);
    return { missing: `Level 2 was tried, and the engine said: ${said}` };
  }
}

async function infoOf(engine: Engine): Promise<EngineInfo> {
  const { status, body } = await call(engine, 'GET', '/info', { stallMs: STALL_MS });
  if (status !== 200) throw new Error(body);
  return JSON.parse(body);
}

/** An image made of an archive that holds nothing: two blocks of zeros. */
async function makeImage(engine: Engine): Promise<void> {
  const [repo, tag] = IMAGE.split(':');
  const path = `/images/create?fromSrc=-&repo=${repo}&tag=${tag}`;
  const { status, body } = await call(engine, 'POST', path, {
    stallMs: STALL_MS,
    archive: Buffer.alloc(1024),
  });
  if (status !== 200) throw new Error(body);
}

/** Its channel must reach in here, and `kill()` must end it. */
async function tryOut(containers: Containers): Promise<void> {
  // Any file does in place of the runner's: Node only knocks.
  const any = containers.timeout;
  const start = startInContainer(containers, { start: any, runner: any, code: any }, { files: { lab: any } });
  const knock = "require('node:net').connect(process.env.LAB_CHANNEL)";
  const args = [...start.args.slice(0, -3), '-e', knock];
  const { child, kill } = await startContained({ ...start, args }, start.container!);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  kill();
  await ended;
}
