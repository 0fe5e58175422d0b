import type { Redis } from 'ioredis';
import type { Connection } from 'mysql2/promise';
import type { World } from '../../src/catalog.ts';
import { firstWorld, worlds } from '../../src/worlds/index.ts';
import type { MysqlAddress } from '../servers/address.ts';
import type { CheckSchema } from '../servers/check-schema.ts';
import { endThreads } from '../servers/end-threads.ts';
import { rollBackPrepared } from '../servers/prepared-transactions.ts';
import type { PrivateMysql, PrivateRedis, Servers } from '../servers/servers.ts';
import type { Meter } from '../tap/meter.ts';
import type { Tap } from '../tap/tap.ts';
import { type CheckServers, isOurs, openCheckServers } from './check-servers.ts';
import { InfrastructureError, judgesOwn } from './explain.ts';
import { fixtureOf } from './fixtures.ts';
import { generate, generatedSchema } from './generated.ts';
import { bounded } from './in-time.ts';
import { removeBindCopies } from './isolation/bind-source.ts';
import { Remembered } from './remembered.ts';
import { Runners } from './runners.ts';
import { ServerHealth } from './server-health.ts';
import { timedOut } from './waited-for.ts';

/** The fixed first reading of the clock in every check: 2026-01-15T12:00:00Z. */
export const CLOCK_START = Date.UTC(2026, 0, 15, 12);

/** How long putting everything back may take as a whole, ms. */
const RESET_MS = 30_000;

/** The taps of a check and what they count together. */
export interface Taps {
  redis: Tap;
  mysql: Tap;
  meter: Meter;
}

/**
 * What one worker judges with: a Redis of its own, a schema of its own, a tap before each, the judge's own
 * clients, and its runners. Everything is put back between two checks.
 */
export class Environment {
  readonly redis: Redis;
  readonly mysql: Connection;
  readonly taps: Taps;
  readonly schema: string;
  /** The processes that hold a submission's code. */
  readonly runners = new Runners((source) => judgesOwn(this.#forRunner(source)));
  readonly health: ServerHealth;
  #servers: Servers;
  /** Whose tables stand in the schema. */
  #made = new Set<World>([firstWorld]);
  /** Whose rows stand in the schema, and how many connections the student had made when they were written. */
  #rows = '';
  #checkHasMysql = false;
  #generated = new Map<string, Promise<string>>();
  #opened: CheckServers;
  #private: PrivateRedis;
  #checkSchema: CheckSchema;
  #lastSource = '';
  /** What a check found out for those that follow it. */
  readonly remembered = new Remembered();

  private constructor(servers: Servers, opened: CheckServers) {
    const { redis, mysql, meter } = opened;
    this.#servers = servers;
    this.#opened = opened;
    this.health = new ServerHealth(opened);
    this.#private = redis.own;
    this.#checkSchema = mysql.checkSchema;
    this.redis = redis.redis;
    this.mysql = mysql.mysql;
    this.schema = mysql.checkSchema.schema;
    this.taps = { redis: redis.tap, mysql: mysql.tap, meter };
    meter.gate.ask = () => this.runners.turn();
  }

  /**
   * Opens one on the run's servers. `name` is unique to the worker: letters, digits and `_`.
   *
   * @param privateMysql a MySQL that nobody else uses, which ends with the environment; default the run's.
   */
  static async open(servers: Servers, name: string, privateMysql?: PrivateMysql): Promise<Environment> {
    const mysql = privateMysql?.address ?? servers.mysql;
    return new Environment({ ...servers, mysql }, await openCheckServers(servers, { name, privateMysql }));
  }

  /** The judge's own connection, for a check: it may write through it, so the next reset writes all rows anew. */
  mysqlForCheck(): Connection {
    this.#checkHasMysql = true;
    return this.mysql;
  }

  /** The student's user in MySQL: SELECT, INSERT, UPDATE and DELETE on the schema, nothing else. */
  get student(): MysqlAddress {
    return this.#checkSchema.address;
  }

  /**
   * Puts everything back: no connection, no key, the fixture's rows of that world, counts from zero. At most 10 ms where
   * nothing is in its way.
   *
   * @param whose the file that is judged. Rows that nobody can have touched since the last reset for it are left alone.
   * @throws TookTooLong after 30 s.
   */
  async reset(world: World = firstWorld, whose?: string): Promise<void> {
    await bounded(this.#putBack(world, whose), RESET_MS, 'Putting Redis and MySQL back for the next check');
  }

  async #putBack(world: World, whose: string | undefined): Promise<void> {
    const rows = `${world} ${whose} ${this.taps.mysql.accepted}`;
    const kept = whose !== undefined && !this.#checkHasMysql && rows === this.#rows;
    this.#rows = rows;
    this.health.beginCheck();
    this.#checkHasMysql = false;
    const { redis, mysql, meter } = this.taps;
    for (const tap of [redis, mysql]) {
      tap.disconnectAll();
      tap.holdMs = 0;
      tap.latencyMs = 0;
      tap.refuse(0);
    }
    if (!this.#made.has(world)) await this.#createTables(world);
    await this.runners.beginCheck(whose);
    await Promise.all([
      this.#private.flush().then(this.#opened.redis.putBack).catch(asLeftBusy),
      kept || this.health.orSpoilt(this.#putRowsBack(world)),
    ]);
    redis.reset();
    mysql.reset();
    meter.reset();
  }

  async #putRowsBack(world: World): Promise<void> {
    await endThreads(this.mysql, this.student.user);
    if (isOurs(this.#servers)) await rollBackPrepared(this.mysql);
    await this.mysql.query(fixtureOf(world));
  }

  /** Made when a lab of that world first asks: tables that nobody uses would slow the start of the others. */
  async #createTables(world: World): Promise<void> {
    for (const statement of worlds[world].schema()) await this.mysql.query(statement);
    this.#made.add(world);
  }

  /** Where a new runner of this file finds the servers. */
  async #forRunner(source: string) {
    // Another's runner could have changed the password; one that did it to itself has to live with it.
    if (this.#lastSource && this.#lastSource !== source) await this.#checkSchema.renewUser(this.mysql);
    this.#lastSource = source;
    const { address } = this.#checkSchema;
    return {
      servers: {
        redis: { ...this.#private.address, path: this.taps.redis.path, host: undefined, port: undefined },
        mysql: { ...address, socketPath: this.taps.mysql.path, host: undefined, port: undefined },
        mysqlBehindTap: address,
      },
      now: CLOCK_START,
      traffic: {
        atRest: () => this.taps.redis.atRest && this.taps.mysql.atRest,
        crossings: () => this.taps.meter.crossings,
      },
    };
  }

  /**
   * A schema with generated orders that the student may read and nobody writes: made once in a run, by whoever comes
   * first, and dropped with the run (`dropGenerated`).
   *
   * @returns its name.
   */
  generated(orders: number, seed: number): Promise<string> {
    const name = generatedSchema(this.#servers.mysql, { orders, seed });
    let made = this.#generated.get(name);
    if (!made) {
      made = generate(this.#servers.mysql, { orders, seed })
        .then(() => this.mysql.query(`GRANT SELECT ON \`${name}\`.* TO ?@'%'`, [this.student.user]))
        .then(() => name);
      this.#generated.set(name, made);
    }
    return made;
  }

  /** Ends all that it holds, in at most 9 s. What does not end in that time is left where it is. */
  async close(): Promise<void> {
    await bounded(this.runners.endAll(), 2_000, 'Ending the runners').catch(() => {});
    removeBindCopies();
    await bounded(this.#opened.close(), 7_000, 'Closing the servers of the checks').catch(() => {});
  }
}

/**
 * A script of the student's that wrote and loops cannot be stopped, and a queue of slow ones is not worth waiting for: the
 * check is tried again with another Redis.
 */
function asLeftBusy(error: Error): never {
  if (!/^BUSY/.test(error.message) && !timedOut(error)) throw error;
  throw new InfrastructureError(`The last check left Redis busy, perhaps for ever (${error.message})`);
}
