import { execa } from 'execa';
import { rootFolder } from '../../kit/base/root.ts';
import type { Servers } from '../../kit/servers/servers.ts';

/** A game that runs in a process of its own. */
export interface GameProcess {
  url: string;
  close(): Promise<void>;
}

/** Opens the game on the worked answers, with nobody limited, and the cache on or off by its switch. */
export async function openGameProcess(
  servers: Servers,
  schema: string,
  { cache }: { cache: boolean },
): Promise<GameProcess> {
  const { mysql, redis } = servers;
  const place = (name: string, query: URLSearchParams) => `${name}?${query}`;
  const mysqlUrl = place(
    `mysql://${mysql.user}:${encodeURIComponent(mysql.password)}@${mysql.host ?? 'localhost'}:${mysql.port ?? 3306}/${schema}`,
    new URLSearchParams(mysql.socketPath ? { socket: mysql.socketPath } : {}),
  );
  const redisUrl = place(
    `redis://${redis.username ?? ''}:${encodeURIComponent(redis.password ?? '')}@${redis.host ?? 'localhost'}:${redis.port ?? 6379}/${redis.db ?? 0}`,
    new URLSearchParams(redis.path ? { socket: redis.path } : {}),
  );
  const child = execa(process.execPath, ['kit/cli.ts', 'serve', 'market', '--answers', '--port', '0'], {
    cwd: rootFolder(),
    env: {
      LAB_SERVERS: 'urls',
      MYSQL_URL: mysqlUrl,
      REDIS_URL: redisUrl,
      CACHE_ENABLED: cache ? '1' : '0',
      GAME_REQUESTS_PER_MINUTE: '1000000000',
      NO_COLOR: '1',
    },
    reject: false,
    all: true,
    buffer: false,
  });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.all.on('data', (text) => {
      if (said.length < 10_000) said += text;
      const open = /The game is open at (\S+)/.exec(said)?.[1];
      if (open) resolve(open);
    });
    void child.then(() => reject(new Error(`The game ended: ${said}`)));
  });
  return {
    url,
    async close() {
      child.kill('SIGTERM');
      await child;
    },
  };
}
