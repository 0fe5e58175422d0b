import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';
import { escapeHtml } from '../../kit/base/html.ts';
import { mysqlClientOptions, redisClientOptions } from '../../kit/servers/clients.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { useServers } from '../../kit/servers/use.ts';
import { ensureMarket } from '../worlds/market/load.ts';
import { ensureStore } from '../worlds/store/load.ts';
import {
  currentSession,
  endClients,
  isAlive,
  keepSession,
  type Session,
  serversOf,
} from './current-session.ts';
import { updatingDisplay } from './display.ts';
import { page } from './html-page.ts';

/**
 * The session of this process, opened where there is none. Where its clients or servers have gone away since, it is
 * opened anew.
 *
 * @throws ServersUnavailable (by `name`)
 */
export async function openSession(): Promise<Session> {
  const current = currentSession();
  const session = await current;
  if (session && (await isAlive(session))) return session;
  // Of two callers at once, the second waits for what the first opens.
  if (currentSession() === current) {
    const opening = session ? reconnect(session) : start();
    keepSession(opening);
    opening.catch(() => keepSession(undefined));
  }
  return (await currentSession())!;
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
    const text = `Connected to ${serversOf(servers)} The store holds ${session.orders.toLocaleString('en')} orders.`;
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
  await ensureMarket(servers.mysql, { schema });
  const redis = new Redis({ ...redisClientOptions(servers.redis), showFriendlyErrorStack: true });
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
