import { startContainerPrivateMysql } from './containers/start-private-mysql.ts';
import { startLocalPrivateMysql } from './local.ts';
import type { PrivateMysql, ServersDescription } from './servers.ts';

/** How a private MySQL comes about beside these servers: a process or a container; undefined beside somebody else's servers. */
export function privateMysqlOf({ source }: ServersDescription): (() => Promise<PrivateMysql>) | undefined {
  if (source === 'containers') return startContainerPrivateMysql;
  return source === 'local' ? startLocalPrivateMysql : undefined;
}
