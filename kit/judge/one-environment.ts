import { attachServers } from '../servers/attach.ts';
import type { ServersDescription } from '../servers/servers.ts';
import { Environment } from './environment.ts';

/** One environment for a worker, opened when it is first asked for and again after a `drop()`. */
export function oneEnvironment(servers: () => ServersDescription) {
  let open: Promise<{ environment: Environment; close(): Promise<void> }> | undefined;

  async function make() {
    const attached = await attachServers(servers());
    const name = `${process.pid}_${Math.floor(performance.timeOrigin).toString(36)}`;
    const environment = await Environment.open(attached, name);
    return { environment, close: () => environment.close().then(() => attached.close()) };
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
