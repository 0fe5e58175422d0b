import { inspect } from 'node:util';
import type { LabContext } from './context.ts';
import { endClients, keepSession, type Session, serversOf } from './current-session.ts';
import { native } from './native.ts';

/** What a notebook works with: the context of every lab function, and which servers answer. */
export interface Lab extends LabContext {
  /** 'MariaDB 10.11.19 and Redis 7.0.15 (local): no Docker engine answers.' */
  servers: string;
  /** Ends the clients, and servers started for this process alone. A notebook need not call it. */
  close(): Promise<void>;
}

/**
 * Connects to the store's servers: those of `npm start` where it runs, else servers of this process's own, and loads
 * the store's data where there is none. Running the cell again, or reloading the module, gives the same clients;
 * where the servers have gone away since, it connects anew.
 *
 * @throws ServersUnavailable (by `name`) whose message says what is missing and what to do.
 * @example const { redis, mysql, now } = await open();
 */
export async function open(): Promise<Lab> {
  const { openSession } = native<{ openSession(): Promise<Session> }>('lab/connect.ts');
  return labOf(await openSession());
}

function labOf(session: Session): Lab {
  const { redis, mysql, servers } = session;
  const lab: Lab = {
    redis,
    mysql,
    now: () => Date.now(),
    servers: serversOf(servers),
    async close() {
      keepSession(undefined);
      endClients(session);
      await servers.close();
    },
  };
  // A cell that ends with `await open()` prints the sentence, not the insides of two clients.
  return Object.defineProperty(lab, inspect.custom, { value: () => lab.servers, enumerable: false });
}
