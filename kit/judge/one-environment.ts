import { attachServers } from '../servers/attach.ts';
import type { ServersDescription } from '../servers/servers.ts';
import { Environment } from './environment.ts';

export interface EnvironmentOptions {
  servers: ServersDescription;
  /** Whether the first has a MySQL of its own, where one can be started, as each after it has; default false. */
  ownMysql?: boolean;
}

/**
 * One environment for a worker, opened when it is first asked for and again after a `drop()`. From the second on it has a
 * MySQL of its own, where one can be started: a submission may have spoilt the run's, which others use too.
 */
export function oneEnvironment(options: () => EnvironmentOptions) {
  let opened = 0;
  let open: Promise<{ environment: Environment; close(): Promise<void> }> | undefined;

  async function make() {
    const { servers, ownMysql = false } = options();
    const attached = await attachServers(servers);
    try {
      const number = opened++; // nobody can tell whether what the last one left under its name will ever go
      const name = `${process.pid}_${Math.floor(performance.timeOrigin).toString(36)}_${number}`;
      const mysql = ownMysql || number > 0 ? await attached.startMysql?.() : undefined;
      const environment = await Environment.open(attached, name, mysql);
      return { environment, close: () => environment.close().finally(() => attached.close()) };
    } catch (error) {
      await attached.close();
      throw error;
    }
  }

  return {
    async get(): Promise<Environment> {
      open ??= make();
      return (await open).environment;
    },
    async drop(): Promise<void> {
      const old = await open?.catch(() => undefined);
      open = undefined;
      await old?.close().catch(() => {});
    },
  };
}
