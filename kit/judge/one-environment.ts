import { attachServers } from '../servers/attach.ts';
import type { ServersDescription } from '../servers/servers.ts';
import { Environment } from './environment.ts';
import { dropLeftSchemas, environmentName } from './left-schemas.ts';

export interface EnvironmentOptions {
  servers: ServersDescription;
  /** Whether each has a MySQL of its own, where one can be started; default false. */
  ownMysql?: boolean;
}

/**
 * One environment for a worker, opened when it is first asked for and again after a `drop()`. Once a submission has spoilt the MySQL
 * of the run, which others use too, it has one of its own, where one can be started.
 */
export function oneEnvironment(options: () => EnvironmentOptions) {
  let opened = 0;
  let spoilt = false;
  let open: Promise<{ environment: Environment; close(): Promise<void> }> | undefined;

  async function make() {
    const { servers, ownMysql = false } = options();
    const attached = await attachServers(servers);
    try {
      const number = opened++; // nobody can tell whether what the last one left under its name will ever go
      const mysql = ownMysql || spoilt ? await attached.startMysql?.() : undefined;
      if (!mysql && attached.startMysql) void dropLeftSchemas(servers.mysql).catch(() => {}); // meanwhile
      const environment = await Environment.open(attached, environmentName(number), mysql);
      return { environment, close: () => environment.close().finally(() => attached.close()) };
    } catch (error) {
      spoilt = true;
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
      if (old?.environment.health.mysqlIsSpoilt) spoilt = true;
      await old?.close().catch(() => {});
    },
  };
}
