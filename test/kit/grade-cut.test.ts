import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Environment } from '../../kit/judge/environment.ts';
import { labControls } from '../../kit/judge/lab-processes.ts';
import { TimeLimit } from '../../kit/judge/time-limit.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { redisGoesAway } from '../support/redis-goes-away.ts';
import { runners, send } from './support/starve.ts';

interface Counter {
  count(ctx: unknown): Promise<number>;
  /** The same with a client that the code made of the first. */
  countBeside(ctx: unknown): Promise<number>;
}

const code = `
let beside: any;
export const count = ({ redis }: any) => redis.incr('count');
export const countBeside = ({ redis }: any) => (beside ??= redis.duplicate()).incr('count');
`;

let servers: Servers;
let environment: Environment;
let folder: string;
let source: string;

beforeAll(async () => {
  servers = await openServers();
  environment = await Environment.open(servers, `cut_${process.pid}`);
  folder = await mkdtemp(join(tmpdir(), 'storelab-test-'));
  source = join(folder, 'counter.ts');
  await writeFile(source, code);
});
beforeEach(() => environment.reset());
afterAll(async () => {
  await environment?.close();
  await servers?.close();
  await rm(folder, { recursive: true, force: true });
});

const oneCheck = () =>
  labControls<Counter>(environment, { source, labId: '01-initial-sync', time: new TimeLimit() });

describe('a call after a cut', () => {
  test.each(['count', 'countBeside'] as const)('%s of another process does not meet it', async (name) => {
    const { lab } = oneCheck();
    const { redis } = environment.taps;
    const other = await lab.$another();
    await other[name]();
    for (let round = 0; round < 5; round++) {
      const before = Number(await other[name]());
      await lab.count();
      const cut = redis.cutAfter(1);
      const broken = lab.count().catch(() => undefined);
      await cut.happened;
      await lab.$crash();
      await broken;
      // The other process is stopped at the worst moment: it was refused for the second time, and does not know yet.
      const { refusedConnections } = redis.counts();
      while (redis.counts().refusedConnections === refusedConnections)
        await new Promise((resolve) => setImmediate(resolve));
      send(runners(), 'SIGSTOP');
      cut.restore();
      const call = other[name]();
      call.catch(() => {});
      await pause(20); // the call lies in its channel
      send(runners(), 'SIGCONT');
      expect(await call).toBe(before + 3);
    }
  });

  test('waits for no server that is away', async () => {
    const { lab } = oneCheck();
    await lab.count();
    await redisGoesAway(environment.taps);
    await expect(lab.count()).rejects.toThrow(/max retries|closed/i);
  });
});
