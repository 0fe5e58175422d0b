import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../base/is-alive.ts';
import { rootFolder } from '../base/root.ts';
import { attachServers } from './attach.ts';
import type { Servers, ServersDescription } from './servers.ts';
import { readMysqlVersion, readRedisVersion } from './versions.ts';

interface Published {
  pid: number;
  servers: ServersDescription;
}

const file = () => join(rootFolder(), '.lab', 'servers.json');

/**
 * Lets other processes find these servers (`.lab/servers.json`, for this user's eyes only), for as long as this
 * process lives. A long-lived owner calls it: `npm start`.
 *
 * @returns what takes the notice back; it leaves that of a later owner alone.
 */
export async function publishServers(servers: Servers): Promise<() => Promise<void>> {
  await mkdir(join(rootFolder(), '.lab'), { recursive: true });
  const published: Published = { pid: process.pid, servers: servers.describe() };
  const unfinished = `${file()}.${process.pid}`;
  await writeFile(unfinished, JSON.stringify(published, null, 2), { mode: 0o600 });
  await rename(unfinished, file());
  return async () => {
    if ((await readPublished())?.pid === process.pid) await rm(file(), { force: true });
  };
}

/**
 * The servers that a living process of this checkout has published, or undefined. They have answered when this
 * resolves. That they take these random passwords proves that they are those servers, whoever has the owner's
 * process id by now.
 */
export async function findServers(): Promise<Servers | undefined> {
  const published = await readPublished();
  if (!published || !isAlive(published.pid)) return undefined;
  try {
    const { mysql, redis } = published.servers;
    await Promise.all([
      readMysqlVersion(mysql, { timeoutMs: 2000 }),
      readRedisVersion(redis, { timeoutMs: 2000 }),
    ]);
    return await attachServers(published.servers);
  } catch {
    return undefined;
  }
}

async function readPublished(): Promise<Published | undefined> {
  try {
    return JSON.parse(await readFile(file(), 'utf8'));
  } catch {
    return undefined;
  }
}
