import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, ServersUnavailable } from '../errors.ts';
import { containerState, type Engine } from './engine.ts';
import { guardContainers } from './reaper.ts';

/** A container that answers on a port of this machine. */
export interface StartedContainer {
  host: string;
  port: number;
  close(): Promise<void>;
}

export interface ContainerPlan {
  image: string;
  port: number;
  command: string[];
  environment?: Record<string, string>;
  /** Files to put into it: path and content. */
  files?: { target: string; content: string }[];
  /** Folders to keep in memory. */
  memoryFolders?: string[];
  /** Fails until the server answers; it is called again and again. */
  ping(place: { host: string; port: number }): Promise<unknown>;
}

/** One a process: containers of processes that have ended are found by it. */
const label = 'storelab.owner';
const owner = `${process.pid}-${randomBytes(6).toString('hex')}`;

/**
 * Starts a container and waits until it answers, 60 s at most. Its port is published on loopback alone where the
 * engine is on this machine.
 *
 * @throws ServersUnavailable CONTAINER_FAILED, with the end of its log
 */
export async function startContainer(engine: Engine, plan: ContainerPlan): Promise<StartedContainer> {
  await guardContainers(engine, `${label}=${owner}`);
  stayOnLoopback();
  // Half a second to load: only who starts a container pays it.
  const { GenericContainer, Wait } = await import('testcontainers');
  class LoopbackContainer extends GenericContainer {
    onLoopback(port: number): this {
      this.withExposedPorts(port);
      this.hostConfig.PortBindings = { [`${port}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: '0' }] };
      return this;
    }
  }
  const container = new LoopbackContainer(plan.image)
    .withCommand(plan.command)
    .withEnvironment(plan.environment ?? {})
    .withLabels({ [label]: owner })
    .withTmpFs(Object.fromEntries((plan.memoryFolders ?? []).map((folder) => [folder, 'rw'])))
    .withCopyContentToContainer((plan.files ?? []).map((file) => ({ ...file, mode: 0o644 })))
    // Logs differ from image to image; an answer is an answer. See untilAnswers.
    .withWaitStrategy(Wait.forAll([]));
  if (isOnThisMachine(engine)) container.onLoopback(plan.port);
  else container.withExposedPorts(plan.port);
  try {
    const started = await container.start();
    const place = { host: started.getHost(), port: started.getMappedPort(plan.port) };
    const close = async () => {
      await started.stop({ timeout: 0, remove: true, removeVolumes: true });
    };
    try {
      await untilAnswers(engine, started.getId(), () => plan.ping(place));
    } catch (error) {
      await close().catch(() => {});
      throw error;
    }
    return { ...place, close };
  } catch (error) {
    throw new ServersUnavailable(
      'CONTAINER_FAILED',
      `A container of ${plan.image} did not start: ${messageOf(error)}. Set LAB_SERVERS=local to use server processes of this machine.`,
      { cause: error },
    );
  }
}

/**
 * In a container testcontainers takes the bridge's address for the engine's. Where the engine runs in here as well
 * (its bridge is ours), published ports are on our own loopback.
 */
function stayOnLoopback(): void {
  if (existsSync('/.dockerenv') && networkInterfaces().docker0) {
    process.env.TESTCONTAINERS_HOST_OVERRIDE ??= '127.0.0.1';
  }
}

function isOnThisMachine({ at }: Engine): boolean {
  const override = process.env.TESTCONTAINERS_HOST_OVERRIDE;
  if (override) return override === '127.0.0.1' || override === 'localhost';
  return 'socketPath' in at && !existsSync('/.dockerenv');
}

async function untilAnswers(engine: Engine, id: string, ping: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (let round = 1; ; round++) {
    try {
      await ping();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`no answer within 60 s (${messageOf(error)})`);
    }
    await delay(50);
    if (round % 10 > 0) continue;
    const { running, log } = await containerState(engine, id);
    if (!running) throw new Error(`it ended. The end of its log:\n${log}`);
  }
}
