import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';
import { mysqlClientOptions, redisClientOptions } from '../servers/clients.ts';
import type { Servers } from '../servers/servers.ts';
import { useServers } from '../servers/use.ts';
import { ensureStore } from '../store/load.ts';
import type { LabContext } from './context.ts';
import { updatingDisplay } from './display.ts';
import { escapeHtml, page } from './html.ts';
import { currentSession, endClients, isAlive, keepSession, type Session } from './session.ts';

/** What a notebook works with: the context of every lab function, and which servers answer. */
export interface Lab extends LabContext {
  /** 'MariaDB 10.11.19 and Redis 7.0.15 (local): mariadbd and redis-server are on PATH.' */
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
  const current = currentSession();
  const session = await current;
  if (session && (await isAlive(session))) return labOf(session);
  // Of two callers at once, the second waits for what the first opens.
  if (currentSession() === current) {
    const opening = session ? reconnect(session) : start();
    keepSession(opening);
    opening.catch(() => keepSession(undefined));
  }
  return labOf((await currentSession())!);
}

/** New clients on the same servers, which hold what the student made; new servers where those are gone. */
async function reconnect(session: Session): Promise<Session> {
  endClients(session);
  try {
    return await connect(session.servers);
  } catch {
    await session.servers.close().catch(() => {});
    return start();
  }
}

async function start(): Promise<Session> {
  const place = updatingDisplay();
  const say = (text: string) =>
    place.show({ text, html: page(`<span class="sl-soft">${escapeHtml(text)}</span>`) });
  const servers = await useServers({ onStep: say });
  try {
    const session = await connect(servers, say);
    const text = `Connected to ${sentence(servers)} The store holds ${session.orders.toLocaleString('en')} orders.`;
    place.done({ text, html: page(escapeHtml(text)) });
    return session;
  } catch (error) {
    await servers.close().catch(() => {});
    throw error;
  }
}

async function connect(servers: Servers, say: (text: string) => void = () => {}): Promise<Session> {
  const { schema, orders } = await ensureStore(servers.mysql, {
    onProgress: (done, total) => say(`Loading the store's data: ${done} of ${total} orders`),
  });
  const redis = new Redis(redisClientOptions(servers.redis));
  // A command that fails rejects by itself; without a listener ioredis would also print each lost connection.
  redis.on('error', () => {});
  const mysql = createPool({ ...mysqlClientOptions(servers.mysql), database: schema });
  const session = { servers, schema, redis, mysql, orders };
  try {
    await redis.ping();
    return session;
  } catch (error) {
    endClients(session);
    throw error;
  }
}

function labOf(session: Session): Lab {
  const { redis, mysql, servers } = session;
  const lab: Lab = {
    redis,
    mysql,
    now: () => Date.now(),
    servers: sentence(servers),
    async close() {
      keepSession(undefined);
      endClients(session);
      await servers.close();
    },
  };
  // A cell that ends with `await open()` prints the sentence, not the insides of two clients.
  return Object.defineProperty(lab, inspect.custom, { value: () => lab.servers, enumerable: false });
}

function sentence({ mysqlVersion, redisVersion, source, why }: Servers): string {
  const versions = `${mysqlVersion.flavour} ${mysqlVersion.version} and ${redisVersion.flavour} ${redisVersion.version}`;
  return `${versions} (${source}): ${why}`;
}
