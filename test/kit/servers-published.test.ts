import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import { findServers, publishServers } from '../../kit/servers/published.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { useServers } from '../../kit/servers/use.ts';
import { endOwners, startOwner, until } from './support/owner.ts';

// A root of its own: a running `npm start` of this checkout has published servers, too.
const here = new URL('../..', import.meta.url).pathname;
const root = mkdtempSync(join(tmpdir(), 'storelab-root-'));
const notice = join(root, '.lab', 'servers.json');
let servers: Servers;

beforeAll(async () => {
  mkdirSync(join(root, 'src'));
  cpSync(join(here, 'src', 'catalog.ts'), join(root, 'src', 'catalog.ts'));
  for (const part of ['base', 'servers'])
    cpSync(join(here, 'kit', part), join(root, 'kit', part), { recursive: true });
  vi.stubEnv('STORELAB_ROOT', root);
  vi.stubEnv('LAB_SERVERS', 'local');
  expect(rootFolder()).toBe(root);
  servers = await openServers();
});
afterEach(endOwners);
afterAll(async () => {
  await servers.close();
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

it('publishServers() lets others find them, tells this user alone, and takes its notice back', async () => {
  const withdraw = await publishServers(servers);
  expect(statSync(notice).mode & 0o777).toBe(0o600);
  const found = await findServers();
  expect(found?.describe()).toEqual(servers.describe());
  await found?.close();
  await expect(servers.startRedis().then((redis) => redis.close())).resolves.toBeUndefined();
  await withdraw();
  expect(existsSync(notice)).toBe(false);
  expect(await findServers()).toBeUndefined();
});

it('findServers() finds those of another process, and none once that was killed', async () => {
  const owner = await startOwner(['publish'], { STORELAB_ROOT: root });
  const found = await findServers();
  expect(found?.describe()).toEqual(owner.description);
  owner.process.kill('SIGKILL');
  await until(async () => (await findServers()) === undefined);
});

it('findServers() is not misled by a process that has the dead owner’s id', async () => {
  const gone = await openServers();
  const withdraw = await publishServers(gone);
  await gone.close();
  // The id in the notice is that of this living process.
  expect(JSON.parse(readFileSync(notice, 'utf8')).pid).toBe(process.pid);
  expect(await findServers()).toBeUndefined();
  await withdraw();
});

it('findServers() takes a broken notice for none', async () => {
  mkdirSync(join(root, '.lab'), { recursive: true });
  writeFileSync(notice, '{"pid":');
  expect(await findServers()).toBeUndefined();
  rmSync(notice);
});

it('useServers() finds before it opens, and opens where another source is asked for', async () => {
  const withdraw = await publishServers(servers);
  const used = await useServers();
  expect(used.mysql).toEqual(servers.mysql);
  await used.close();
  await expect(useServers({ source: 'urls' })).rejects.toMatchObject({ code: 'URLS_INCOMPLETE' });
  await withdraw();
  const own = await useServers();
  expect(own.mysql.socketPath).not.toBe(servers.mysql.socketPath);
  await own.close();
});
