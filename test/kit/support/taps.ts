import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis, type RedisOptions } from 'ioredis';
import { type ConnectionOptions, createPool, type Pool, type PoolOptions } from 'mysql2/promise';
import { mysqlClientOptions, redisClientOptions } from '../../../kit/servers/clients.ts';
import { openServers } from '../../../kit/servers/open-servers.ts';
import type { PrivateRedis, Servers } from '../../../kit/servers/servers.ts';
import { Meter } from '../../../kit/tap/meter.ts';
import { openMysqlTap } from '../../../kit/tap/mysql.ts';
import { openRedisTap } from '../../../kit/tap/redis.ts';
import type { Tap } from '../../../kit/tap/tap.ts';

/** Servers, a tap before each, and clients made on demand, all closed by `close()`. */
export class Taps {
  readonly meter = new Meter();
  readonly schema = `storelab_check_tap_${process.pid}`;
  redis!: Tap;
  mysql!: Tap;
  #servers!: Servers;
  #own!: PrivateRedis;
  #folder!: string;
  #clients: (() => unknown)[] = [];

  async open(): Promise<void> {
    this.#servers = await openServers();
    this.#own = await this.#servers.startRedis();
    this.#folder = await mkdtemp(join(tmpdir(), 'storelab-tap-test-'));
    const { meter } = this;
    this.redis = await openRedisTap({
      upstream: this.#own.admin,
      path: join(this.#folder, 'redis.sock'),
      meter,
    });
    this.mysql = await openMysqlTap({
      upstream: this.#servers.mysql,
      path: join(this.#folder, 'mysql.sock'),
      meter,
    });
    const direct = this.pool({ connectionLimit: 1 }, { direct: true });
    await direct.query(`CREATE DATABASE ${this.schema}`);
  }

  /** A ready client, through the tap unless `direct`. */
  async client(options: RedisOptions = {}, { direct = false }: { direct?: boolean } = {}): Promise<Redis> {
    const { host: _host, port: _port, path: _path, ...login } = this.#own.admin;
    const address = direct ? this.#own.admin : { ...login, path: this.redis.path };
    const redis = new Redis({ ...redisClientOptions(address), retryStrategy: () => null, ...options });
    redis.on('error', () => {}); // the command that fails says so
    this.#clients.push(() => redis.disconnect());
    await redis.ping();
    return redis;
  }

  /** What a connection through the tap logs in with. */
  mysqlLogin(): ConnectionOptions {
    const { mysql } = this.#servers;
    const { host: _host, port: _port, ...login } = mysql;
    return mysqlClientOptions({ ...login, socketPath: this.mysql.path }, { behindTap: mysql });
  }

  /** A pool on the schema, through the tap unless `direct`. */
  pool(options: PoolOptions = {}, { direct = false }: { direct?: boolean } = {}): Pool {
    const address = direct ? mysqlClientOptions(this.#servers.mysql) : this.mysqlLogin();
    const pool = createPool({ ...address, ...(direct ? {} : { database: this.schema }), ...options });
    this.#clients.push(() => pool.end());
    return pool;
  }

  /** Counts from zero, replies held. */
  reset({ holdMs = 5 }: { holdMs?: number } = {}): void {
    for (const tap of [this.redis, this.mysql]) {
      tap.holdMs = holdMs;
      tap.latencyMs = 0;
    }
    this.meter.reset();
  }

  /** Commands and trips, over both servers, of what `act` does. */
  async measure(act: () => Promise<unknown>): Promise<{ commands: number; trips: number }> {
    this.reset();
    await act();
    const { commands, trips } = this.meter;
    return { commands, trips };
  }

  /** Ends the clients of a test. */
  async endClients(): Promise<void> {
    const clients = this.#clients.splice(1);
    await Promise.allSettled(clients.map((end) => end()));
    this.redis.disconnectAll();
    this.mysql.disconnectAll();
  }

  async close(): Promise<void> {
    const direct = this.pool({ connectionLimit: 1 }, { direct: true });
    await direct.query(`DROP DATABASE IF EXISTS ${this.schema}`);
    await Promise.allSettled(this.#clients.map((end) => end()));
    await Promise.all([this.redis.close(), this.mysql.close()]);
    await this.#own.close();
    await this.#servers.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
