import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findIsolation } from '../../kit/judge/isolation/find.ts';
import type { RunnerServers } from '../../kit/judge/runner/protocol.ts';
import { Runner } from '../../kit/judge/runner/runner.ts';
import { transpile } from '../../kit/judge/runner/transpile.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { Meter } from '../../kit/tap/meter.ts';
import { openMysqlTap } from '../../kit/tap/mysql.ts';
import { openRedisTap } from '../../kit/tap/redis.ts';
import { findLab } from '../../src/catalog.ts';
import { interleaved } from '../support/rounds.ts';

/** Microseconds of an awaited command, straight to a server and through its tap, a value a round. */
export type TapCost = Record<'redis' | 'mysql', { straight: number[]; tapped: number[] }>;

const source = new URL('probe.ts', import.meta.url).pathname;

/** The same commands from two runners, one in front of the taps and one past them, in interleaved rounds. */
export async function tapCost(servers: Servers, { rounds = 9, commands = 1000 } = {}): Promise<TapCost> {
  const { file } = await transpile(source, findLab('01').packages);
  const folder = await mkdtemp(join(tmpdir(), 'storelab-bench-'));
  const own = await servers.startRedis();
  const meter = new Meter();
  const { mysql } = servers;
  const redisTap = await openRedisTap({ upstream: own.address, path: join(folder, 'redis.sock'), meter });
  const mysqlTap = await openMysqlTap({ upstream: mysql, path: join(folder, 'mysql.sock'), meter });
  const isolation = await findIsolation();
  await isolation.admit(folder, [redisTap.path, mysqlTap.path]);
  for (const path of [own.address.path, mysql.socketPath])
    if (path) await isolation.admit(dirname(path), [path]);
  const start = (to: RunnerServers) => Runner.start({ source, file, servers: to, now: 0 });
  const runners = await Promise.all([
    start({ redis: own.address, mysql, mysqlBehindTap: mysql }),
    start({
      redis: { ...own.address, path: redisTap.path, host: undefined, port: undefined },
      mysql: { ...mysql, socketPath: mysqlTap.path, host: undefined, port: undefined },
      mysqlBehindTap: mysql,
    }),
  ]);
  try {
    const cost: TapCost = { redis: { straight: [], tapped: [] }, mysql: { straight: [], tapped: [] } };
    const measure = (which: 'straight' | 'tapped', runner: Runner) => ({
      name: which,
      run: async () => {
        const took = (await runner.call('commands', [commands])) as Record<'redis' | 'mysql', number>;
        cost.redis[which].push(took.redis);
        cost.mysql[which].push(took.mysql);
        return took.redis + took.mysql;
      },
    });
    await interleaved([measure('straight', runners[0]), measure('tapped', runners[1])], { rounds });
    return cost;
  } finally {
    await Promise.all(runners.map((runner) => runner.kill()));
    await Promise.allSettled([redisTap.close(), mysqlTap.close(), own.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}
