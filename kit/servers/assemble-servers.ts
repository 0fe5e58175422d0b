import type {
  PrivateMysql,
  PrivateRedis,
  Servers,
  ServersDescription,
  StartRedisOptions,
} from './servers.ts';

/** What each source does its own way. */
interface Source {
  startRedis(options: StartRedisOptions): Promise<PrivateRedis>;
  /** Undefined where it has no MySQL to start. */
  startMysql: (() => Promise<PrivateMysql>) | undefined;
  close(): Promise<void>;
}

/**
 * Makes a Servers of its description and of what each source does its own way. What `startRedis()` and `startMysql()`
 * started is closed with it.
 */
export function assembleServers(description: ServersDescription, source: Source): Servers {
  const { startMysql } = source;
  const privates = new Set<{ close(): Promise<void> }>();
  function tracked<Server extends { close(): Promise<void> }>(server: Server): Server {
    const one: Server = {
      ...server,
      async close() {
        if (privates.delete(one)) await server.close();
      },
    };
    privates.add(one);
    return one;
  }
  return {
    ...description,
    describe: () => structuredClone(description),
    startRedis: async (options = {}) => tracked(await source.startRedis(options)),
    ...(startMysql ? { startMysql: async () => tracked(await startMysql()) } : {}),
    async close() {
      await Promise.all([...[...privates].map((server) => server.close()), source.close()]);
    },
  };
}
