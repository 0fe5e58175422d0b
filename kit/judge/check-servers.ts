import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type Connection, createConnection } from 'mysql2/promise';
import { firstWorld, worlds } from '../../src/worlds/index.ts';
import { ownFolder } from '../base/own-folder.ts';
import { both, closeBoth } from '../servers/both.ts';
import { type CheckSchema, createCheckSchema } from '../servers/check-schema.ts';
import { needRoom, settleSession } from '../servers/check-settings.ts';
import { mysqlClientOptions, redisClientOptions } from '../servers/clients.ts';
import { rememberSettings } from '../servers/redis-settings.ts';
import type { PrivateMysql, PrivateRedis, Servers } from '../servers/servers.ts';
import { Meter } from '../tap/meter.ts';
import { openMysqlTap } from '../tap/mysql.ts';
import { openRedisTap } from '../tap/redis.ts';
import type { Tap } from '../tap/tap.ts';
import { findIsolation } from './isolation/find.ts';
import { ownMysql, ownRedis } from './own-clients.ts';
import { BUSY_MS, LOCK_WAIT_S } from './waited-for.ts';

/** What an environment has of one server. */
interface Side {
  tap: Tap;
  close(): Promise<void>;
}

/** A Redis of an environment's own, and the judge's client on it. */
interface RedisSide extends Side {
  own: PrivateRedis;
  redis: Redis;
  /** Makes its users and settings what they were at first; of a server that others use, nothing. */
  putBack(): Promise<void>;
}

/** A schema of an environment's own, and the judge's connection on it. */
interface MysqlSide extends Side {
  checkSchema: CheckSchema;
  mysql: Connection;
  /** As `PrivateMysql` has it; undefined of a MySQL that others use. */
  ended: PrivateMysql['ended'];
}

/** The servers of one environment, with a tap before each, which a runner's user may enter. */
export interface CheckServers {
  redis: RedisSide;
  mysql: MysqlSide;
  /** What both taps count. */
  meter: Meter;
  close(): Promise<void>;
}

export interface OpenCheckServers {
  /** Unique to the environment: letters, digits and `_`. */
  name: string;
  /** A MySQL of the environment's own, which ends with it; default the run's. */
  privateMysql?: PrivateMysql | undefined;
}

/** Whether nobody but the course uses these servers. */
export const isOurs = ({ source }: Servers): boolean => source !== 'urls';

/** Opens both, side by side. */
export async function openCheckServers(
  servers: Servers,
  { name, privateMysql }: OpenCheckServers,
): Promise<CheckServers> {
  const isolation = findIsolation(); // tried out meanwhile
  const folder = ownFolder('tap');
  const meter = new Meter();
  const [redis, mysql] = await both(
    openRedis(servers, { path: join(folder, 'redis.sock'), meter }),
    openMysql(servers, { name, privateMysql, path: join(folder, 'mysql.sock'), meter }),
  );
  await (await isolation).admit(folder, [redis.tap.path, mysql.tap.path]);
  return {
    redis,
    mysql,
    meter,
    async close() {
      await closeBoth([redis, mysql]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openRedis(servers: Servers, at: { path: string; meter: Meter }): Promise<RedisSide> {
  const own = await servers.startRedis();
  const redis = ownRedis(
    new Redis({ ...redisClientOptions(own.admin), maxRetriesPerRequest: 1, commandTimeout: BUSY_MS }),
  );
  redis.on('error', () => {}); // the command that fails says so
  const prepare = async () => {
    await needRoom(redis);
    return own.scope === 'server' ? rememberSettings(redis) : async () => {};
  };
  const putBack = await prepare().catch(async (error) => {
    redis.disconnect();
    await own.close().catch(() => {});
    throw error;
  });
  const tap = await openRedisTap({ upstream: own.address, ...at });
  return {
    own,
    redis,
    putBack,
    tap,
    async close() {
      await tap.close().catch(() => {});
      redis.disconnect();
      await own.close().catch(() => {});
    },
  };
}

async function openMysql(
  servers: Servers,
  { name, privateMysql, ...at }: OpenCheckServers & { path: string; meter: Meter },
): Promise<MysqlSide> {
  const server = privateMysql?.address ?? servers.mysql;
  const checkSchema = await createCheckSchema(server, `storelab_check_${name}`);
  const mysql = await createConnection({
    ...mysqlClientOptions(server),
    database: checkSchema.schema,
    multipleStatements: true,
  });
  await settleSession(mysql, { lockWaitS: LOCK_WAIT_S });
  await mysql.query(worlds[firstWorld].schema().join(';\n'));
  const tap = await openMysqlTap({ upstream: checkSchema.address, ...at });
  return {
    checkSchema,
    mysql: ownMysql(mysql),
    ended: privateMysql?.ended,
    tap,
    async close() {
      await tap.close().catch(() => {});
      mysql.destroy(); // what it is at may never end
      if (privateMysql) await privateMysql.close().catch(() => {});
      else await checkSchema.drop({ ours: isOurs(servers) }).catch(() => {});
    },
  };
}
