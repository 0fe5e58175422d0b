import type { AddressInfo } from 'node:net';
import { createPool, type Pool } from 'mysql2/promise';
import type { MysqlAddress, RedisAddress } from '../../kit/servers/address.ts';
import { mysqlClientOptions } from '../../kit/servers/clients.ts';
import type { LoadedLab } from '../shared/loaded-lab.ts';
import type { ChosenLabs } from './labs/choose-labs.ts';
import { createServer } from './server.ts';
import type { ShopContext } from './shop-context.ts';
import { bringInSync } from './sync/bring-in-sync.ts';
import { ordersInRedis } from './sync/orders-in-redis.ts';
import { clientOnce, connectOnce } from './sync/redis-client.ts';
import { redisSync } from './sync/redis-sync.ts';
import type { SyncStatus } from './sync/sync-status.ts';

/** Where the shop's data is, whose labs it runs on, and where it listens. */
export interface ShopOptions {
  mysql: MysqlAddress;
  schema: string;
  redis: RedisAddress;
  labs: ChosenLabs;
  /** Which servers and labs these are, for the foot of each page. */
  about: string;
  /** Default 127.0.0.1. */
  host?: string;
  /** 0 is any free port. */
  port: number;
  /** Told of what a person at the terminal should know. */
  say?(sentence: string): void;
  /** For tests: see redisSync. */
  retryMs?: readonly number[];
  pulseMs?: number;
}

/** A shop that is open. */
export interface Shop {
  /** `'http://127.0.0.1:5000'` */
  url: string;
  syncStatus(): SyncStatus;
  /** Goes on with labs that were edited, and syncs Redis anew with them. */
  useLabs(labs: readonly LoadedLab[]): Promise<void>;
  /** Takes no new requests, answers those at hand, then ends its connections. */
  close(): Promise<void>;
}

/**
 * Opens the shop as lab 01 says: waits for MySQL, syncs, then listens. Where lab 01 is a stub or fails, the shop opens
 * all the same, and shows the lab's question where orders would stand.
 *
 * @throws Error of `listen`, with `code` EADDRINUSE where the port is taken
 * @example const shop = await openShop({ ...servers, schema: 'storelab', labs, about: '...', port: 5000 })
 */
export async function openShop(options: ShopOptions): Promise<Shop> {
  const { labs, about, host = '127.0.0.1', port, say = () => {}, retryMs, pulseMs } = options;
  const pool = () =>
    createPool({ ...mysqlClientOptions(options.mysql), database: options.schema, connectTimeout: 5000 });
  // The labs have a pool of their own: connections that they forget to give back are not the pages'.
  const [mysql, labMysql] = [pool(), pool()];
  const orders = ordersInRedis(mysql, labs);
  const sync = redisSync({
    connect: () => connectOnce(options.redis),
    bringInSync: (redis) => bringInSync({ mysql, labMysql, labs, orders, lockOrder: sync.lockOrder }, redis),
    catchUp: orders.copy,
    onChange: announcer(say),
    ...(retryMs && { retryMs }),
    ...(pulseMs && { pulseMs }),
  });
  const shop: ShopContext = { mysql, sync, labs, orders, about };
  const app = await createServer(shop, {
    host,
    onError: (error, request) => say(`${request} failed: ${(error as Error)?.stack ?? error}`),
  });
  const close = async () => {
    await app.close();
    await sync.close();
    await Promise.all([mysql, labMysql].map((each) => each.end().catch(() => {})));
  };
  try {
    let opening: Promise<void> | undefined;
    // A lab that calls it twice opens the shop once.
    const listen = () => {
      opening ??= sync.start().then(async () => void (await app.listen({ host, port })));
      return opening;
    };
    await startByLab(options, { labMysql, listen, say });
    await listen();
  } catch (error) {
    await close();
    throw error;
  }
  const address = app.server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    syncStatus: sync.status,
    async useLabs(edited) {
      await labs.use(edited);
      sync.again('The labs were edited.');
    },
    close,
  };
}

interface Start {
  labMysql: Pool;
  listen(): Promise<void>;
  say(sentence: string): void;
}

/** Lab 01's part of the start. What fails in it is said; whether the shop listens does not hang on it. */
async function startByLab({ labs, redis }: ShopOptions, { labMysql, listen, say }: Start): Promise<void> {
  let listened = false;
  const client = clientOnce(redis);
  // Without Redis the sync of lab 01 fails and says so; the shop goes on looking for it by itself.
  await client.connect().catch(() => {});
  try {
    const report = await labs.call.startStoreManager(
      { mysql: labMysql, redis: client },
      {
        listen: () => {
          listened = true;
          return listen();
        },
      },
    );
    if (report?.orders != null) say(`Synced: ${report.orders} orders are available in Redis.`);
    if (!listened) say('startStoreManager of lab 01 never called listen(): the shop opens all the same.');
  } catch (error) {
    if (listened)
      await listen(); // its own error, where it failed
    else say(`${(error as Error).message} The shop opens all the same.`);
  } finally {
    client.disconnect();
  }
}

function announcer(say: (sentence: string) => void): (status: SyncStatus) => void {
  let last: string | null = null;
  return ({ state, why }) => {
    if (state === 'in-sync') {
      say('Redis is in sync with MySQL, and is read.');
      last = null;
    } else if (state === 'behind' && why !== last) {
      say(`Redis is behind, so MySQL is read: ${why}`);
      last = why;
    }
  };
}
