import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { rootFolder } from '../../base/root.ts';
import { findProgram } from '../local/binaries.ts';
import { type Engine, hasImage } from './engine.ts';

/** Where testcontainers looks for its reaper, unless `RYUK_CONTAINER_IMAGE` names another. */
const reaperImage = 'testcontainers/ryuk:0.14.0';

const watched = new Set<string>();

/**
 * Sees to it that containers with this label do not outlive this process. Testcontainers' own reaper does that
 * where it is on; where it is off (`TESTCONTAINERS_RYUK_DISABLED=true`), or its image is not on this machine,
 * a small shell process does, with the `docker` program.
 */
export async function guardContainers(engine: Engine, label: string): Promise<void> {
  const disabled = process.env.TESTCONTAINERS_RYUK_DISABLED === 'true';
  if (!disabled) {
    const present = await hasImage(engine, process.env.RYUK_CONTAINER_IMAGE || reaperImage);
    // Without the docker program nothing else can do it: let testcontainers fetch its image.
    if (present || !findProgram(['docker'])) return;
    process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
  }
  removeAtEnd(label);
}

/**
 * Starts a small shell process that removes the containers with this label when this process has ended, however it ends.
 * It needs the `docker` program; `host` is the engine's address where that is not the program's own choice.
 *
 * @example removeAtEnd('storelab.owner=4711-0a1b2c3d4e5f')
 */
export function removeAtEnd(label: string, { host }: { host?: string } = {}): void {
  if (watched.has(label)) return;
  watched.add(label);
  const reaper = spawn('sh', [join(rootFolder(), 'kit', 'servers', 'reaper.sh'), label], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    ...(host ? { env: { ...process.env, DOCKER_HOST: host } } : {}),
  });
  reaper.on('error', () => {});
  reaper.unref();
  // The pipe stays open until this process ends; it must not hold the end back.
  (reaper.stdin as unknown as { unref(): void }).unref();
}
