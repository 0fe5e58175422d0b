import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A Docker engine (or one that speaks its API) that has answered. */
export interface Engine {
  /** Where it listens: `{ socketPath: '/var/run/docker.sock' }`. */
  at: { socketPath: string } | { host: string; port: number };
}

/** A machine without an engine must not wait long to learn it; a busy engine answers a ping in milliseconds. */
const probeMs = 1500;

/**
 * The engine that answers a ping, or undefined: `DOCKER_HOST` where it is set, else the usual sockets. Takes at
 * most 1.5 s. An engine behind TLS or ssh is not looked for.
 */
export async function findEngine(): Promise<Engine | undefined> {
  const found = await Promise.all(
    enginePlaces().map(async (at) => {
      const reply = await call({ at }, 'GET', '/_ping', { stallMs: probeMs }).catch(() => undefined);
      return reply?.status === 200 ? { at } : undefined;
    }),
  );
  return found.find((engine) => engine !== undefined);
}

function enginePlaces(): Engine['at'][] {
  const { DOCKER_HOST, DOCKER_TLS_VERIFY, XDG_RUNTIME_DIR } = process.env;
  if (DOCKER_HOST) {
    const socket = /^unix:\/\/(.+)$/.exec(DOCKER_HOST)?.[1];
    if (socket) return [{ socketPath: socket }];
    const [, host, port] = /^(?:tcp|http):\/\/([^:/]+):(\d+)\/?$/.exec(DOCKER_HOST) ?? [];
    return host && port && !DOCKER_TLS_VERIFY ? [{ host, port: Number(port) }] : [];
  }
  const runtime = XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.() ?? 0}`;
  return [
    '/var/run/docker.sock',
    join(runtime, 'docker.sock'),
    join(runtime, '.docker/run/docker.sock'),
    join(homedir(), '.docker/run/docker.sock'),
    join(homedir(), '.docker/desktop/docker.sock'),
  ]
    .filter((socketPath) => existsSync(socketPath))
    .map((socketPath) => ({ socketPath }));
}

/** Whether the engine holds this image. */
export async function hasImage(engine: Engine, image: string): Promise<boolean> {
  const { status } = await call(engine, 'GET', `/images/${image}/json`, { stallMs: 10_000 });
  return status === 200;
}

/**
 * Fetches an image. Fails with what the engine said, or where nothing moved for 30 s.
 *
 * @example await pullImage(engine, 'redis:8')
 */
export async function pullImage(engine: Engine, image: string): Promise<void> {
  const path = `/images/create?fromImage=${encodeURIComponent(withTag(image))}`;
  const { status, body } = await call(engine, 'POST', path, { stallMs: 30_000 });
  // Progress comes as a line of JSON each, an error after status 200 too.
  const error = /"error":\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1];
  if (status === 200 && !error) return;
  throw new Error(error ?? /"message":\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? `status ${status}`);
}

/** Without a tag the engine would fetch every one of them. */
function withTag(image: string): string {
  return /[:@][^/]*$/.test(image) ? image : `${image}:latest`;
}

/** Whether a container runs, and when it does not, the end of its log. */
export async function containerState(engine: Engine, id: string): Promise<{ running: boolean; log: string }> {
  const { body } = await call(engine, 'GET', `/containers/${id}/json`, { stallMs: 10_000 });
  const running = JSON.parse(body).State?.Running === true;
  if (running) return { running, log: '' };
  const path = `/containers/${id}/logs?stdout=1&stderr=1&tail=15`;
  const log = await call(engine, 'GET', path, { stallMs: 10_000 });
  // Each frame of the log begins with eight bytes of its own.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those bytes are control characters
  return { running, log: log.body.replace(/[\x00-\x02]\x00{3}[\s\S]{4}/g, '').trim() };
}

/** The id, on the engine's machine, of a container's first process; undefined where it does not run. */
export async function containerPid(engine: Engine, name: string): Promise<number | undefined> {
  const { body } = await call(engine, 'GET', `/containers/${name}/json`, { stallMs: 10_000 });
  return JSON.parse(body).State?.Pid || undefined;
}

/** Ends a container and removes it; nothing happens where there is none of this name. */
export async function removeContainer(engine: Engine, name: string): Promise<void> {
  await call(engine, 'DELETE', `/containers/${name}?force=1&v=1`, { stallMs: 10_000 });
}

/** The engine's address as the `docker` program takes it: `unix:///var/run/docker.sock`. */
export const hostOf = ({ at }: Engine): string =>
  'socketPath' in at ? `unix://${at.socketPath}` : `tcp://${at.host}:${at.port}`;

interface Reply {
  status: number;
  body: string;
}

/**
 * One request to the engine's API. Fails where nothing moves for `stallMs`; `archive` is what it sends along, a tar file.
 *
 * @example (await call(engine, 'GET', '/_ping', { stallMs: 1500 })).status // 200
 */
export async function call(
  { at }: Engine,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  { stallMs, archive }: { stallMs: number; archive?: Buffer },
): Promise<Reply> {
  const { request } = await import('node:http'); // with it comes all of `fetch`, 30 ms for who finds no engine
  return new Promise((resolve, reject) => {
    const headers = archive ? { 'content-type': 'application/x-tar', 'content-length': archive.length } : {};
    const options = { ...at, method, path, headers, timeout: stallMs, agent: false };
    const sent = request(options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`nothing moved for ${stallMs / 1000} s`)));
    sent.on('error', reject);
    sent.end(archive);
  });
}
