// needs: answers
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { expect } from 'vitest';
import { rootFolder } from '../../../kit/base/root.ts';
import { type Draw, drawFor } from '../../../kit/judge/seed.ts';
import { mysqlClientOptions } from '../../../kit/servers/clients.ts';
import type { InventoryChange, RefusedChange, WriteBehind } from '../../../src/contracts/write-behind.ts';
import { marketFixtureInserts } from '../../../src/worlds/market/fixture.ts';
import { marketSchemaStatements } from '../../../src/worlds/market/schema.ts';
import type { Lanes, ProcessPlan } from './late-writes-process.ts';
import { type MysqlProcess, startMysqlProcess } from './mysql-process.ts';
import { type RedisProcess, startRedisProcess } from './redis-process.ts';

const WORKERS = 2;
const LANES = 4;
const CHANGES = 40;
/** The longest that all may take to be written once it was acknowledged and everything runs again, ms. */
const SETTLE_MS = 20_000;

/** What can happen to a run: each is over when everything runs again. */
const faults = {
  'a worker is killed': async ({ workers, draw }: Machines) => draw.pick(workers).kill(),
  'a worker stands still': async ({ workers, draw }: Machines) =>
    draw.pick(workers).freeze(draw.int(50, 400)),
  'the producer is killed': async ({ producer }: Machines) => producer.kill(),
  'Redis is killed': async ({ redis, draw }: Machines) => {
    await redis.kill();
    await pause(draw.int(0, 200));
    await redis.start();
  },
  'Redis stands still': async ({ redis, draw }: Machines) => frozen(redis, draw.int(50, 300)),
  'MySQL is killed': async ({ mysql, draw }: Machines) => {
    await mysql.kill();
    await pause(draw.int(0, 200));
    await mysql.start();
  },
  'MySQL stands still': async ({ mysql, draw }: Machines) => frozen(mysql, draw.int(50, 300)),
  'Redis and a worker are killed': async (machines: Machines) => {
    const { workers, redis, draw } = machines;
    await Promise.all([draw.pick(workers).kill(), redis.kill()]);
    await redis.start();
  },
};
const kinds = Object.keys(faults) as (keyof typeof faults)[];

async function frozen(server: { freeze(frozen: boolean): void }, ms: number): Promise<void> {
  server.freeze(true);
  await pause(ms);
  server.freeze(false);
}

interface Machines {
  workers: Kept[];
  producer: Kept;
  redis: RedisProcess;
  mysql: MysqlProcess;
  draw: Draw;
}

/** A process that is started again whenever it ends. */
interface Kept {
  readonly child: ChildProcess;
  kill(): Promise<void>;
  freeze(ms: number): Promise<void>;
  end(): void;
}

/** What a run did. */
export interface LateRun {
  acknowledged: number;
  refused: number;
  faults: string[];
}

/** Processes of the game on a Redis (AOF, `appendfsync always`) and a MySQL of their own, all of which get killed. */
export interface LateWrites {
  /**
   * Sends changes while faults happen, waits until all are settled, and compares MySQL with what the changes come to:
   * none lost, none twice, each refused that had to be at its turn.
   */
  run(number: number): Promise<LateRun>;
  /** Stops the workers as an operator does, and then everything. */
  close(): Promise<void>;
}

export async function startLateWrites({
  module,
  seed,
}: {
  module: string;
  seed: number;
}): Promise<LateWrites> {
  const [redis, mysql] = await Promise.all([startRedisProcess(), startMysqlProcess()]);
  const admin = createPool({ ...mysqlClientOptions(mysql.address), connectionLimit: 1 });
  await admin.query('CREATE DATABASE game');
  await admin.query('USE game');
  for (const sql of [...marketSchemaStatements(), ...marketFixtureInserts()]) await admin.query(sql);
  await admin.end();
  const address = { ...mysql.address, database: 'game' };
  const judge = createPool({ ...mysqlClientOptions(address), connectionLimit: 2 });
  const lab = (await import(module)) as WriteBehind;
  const start = drawFor(seed, 'processes');
  const plan = { module, redis: redis.address, mysql: address };
  const workers = await Promise.all(
    Array.from({ length: WORKERS }, () => keep({ ...plan, role: 'worker', batch: start.int(1, 20) })),
  );
  let toSend: Lanes = [];
  let inThisRun = new Set<string>();
  const acknowledged = new Set<string>();
  const producer = await keep({ ...plan, role: 'producer', batch: 0 }, (child) => {
    child.on('message', (id) => {
      if (inThisRun.has(String(id))) acknowledged.add(String(id)); // not the last words of a killed one
    });
    const left = toSend.map((lane) => lane.filter(({ changeId }) => !acknowledged.has(changeId)));
    child.send(left);
  });

  async function run(number: number): Promise<LateRun> {
    const draw = drawFor(seed, `run ${number}`);
    const scene = makeScene(number, draw);
    for (const { playerId, resourceId, quantity } of scene.places.values())
      await judge.query('REPLACE INTO inventories VALUES (?, ?, ?)', [playerId, resourceId, quantity]);
    acknowledged.clear();
    toSend = scene.lanes;
    inThisRun = new Set(toSend.flat().map(({ changeId }) => changeId));
    producer.child.send(toSend);
    const happened: string[] = [];
    const total = LANES * CHANGES;
    const moments = Array.from({ length: draw.int(2, 5) }, () => draw.int(0, total - 1)).sort(
      (a, b) => a - b,
    );
    for (const moment of moments) {
      await until(() => acknowledged.size >= moment, `acknowledgement ${moment} of ${total}`);
      const kind = draw.pick(kinds);
      happened.push(`${kind} after ${acknowledged.size}`);
      await faults[kind]({ workers, producer, redis, mysql, draw });
    }
    const why = `run ${number} of seed ${seed}: ${happened.join(', ')}`;
    await until(() => acknowledged.size === total, `${total} acknowledgements, ${why}`);
    await until(async () => (await settled(judge, number)) >= total, `${total} settled changes, ${why}`);
    const refused = await compare({ judge, lab, redis }, scene, { number, why });
    return { acknowledged: acknowledged.size, refused, faults: happened };
  }

  return {
    run,
    async close() {
      const gone = workers.map(({ child }) => once(child, 'exit'));
      for (const worker of workers) {
        worker.end();
        worker.child.send('stop');
      }
      await Promise.race([Promise.all(gone), pause(10_000, undefined, { ref: false })]);
      const left = workers.filter(({ child }) => child.exitCode === null && child.signalCode === null);
      producer.end();
      for (const { child } of [...workers, producer]) child.kill('SIGKILL');
      await judge.end();
      await Promise.all([redis.close(), mysql.close()]);
      expect(left.length, 'workers that did not end when they were told to').toBe(0);
    },
  };
}

interface Scene {
  lanes: Lanes;
  /** By `player:resource`: what the player holds when the run begins. */
  places: Map<string, { playerId: number; resourceId: number; quantity: number }>;
}

const placeOf = ({ playerId, resourceId }: InventoryChange) => `${playerId}:${resourceId}`;

/** Four lanes of changes, each of two places of its own, of which some take more than there is. */
function makeScene(number: number, draw: Draw): Scene {
  const places: Scene['places'] = new Map();
  const lanes = [1, 4, 7, 10].slice(0, LANES).map((playerId, lane) => {
    const resources = [draw.int(1, 6), draw.int(7, 13)];
    for (const resourceId of resources)
      places.set(`${playerId}:${resourceId}`, { playerId, resourceId, quantity: draw.int(0, 30) });
    return Array.from({ length: CHANGES }, (_, i) => ({
      changeId: `run${number}-${lane}-${i}`,
      // 9 has left: nothing of that player's can be written.
      playerId: draw.int(1, 25) === 1 ? 9 : playerId,
      resourceId: draw.pick(resources),
      delta: draw.pick([-1, 1, 1]) * draw.int(1, 25),
    }));
  });
  return { lanes, places };
}

/** How many changes of a run stand in `applied_writes`; 0 while MySQL is away. */
async function settled(judge: Pool, number: number): Promise<number> {
  const [[row]] = await judge
    .query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM applied_writes WHERE write_id LIKE ?', [
      `run${number}-%`,
    ])
    .catch(() => [[{ n: 0 }] as RowDataPacket[]]);
  return Number(row!.n);
}

/** Compares what MySQL and Redis hold with what the changes of each place come to, one after the other. */
async function compare(
  { judge, lab, redis }: { judge: Pool; lab: WriteBehind; redis: RedisProcess },
  { lanes, places }: Scene,
  { number, why }: { number: number; why: string },
): Promise<number> {
  const wanted = new Map([...places].map(([place, { quantity }]) => [place, quantity]));
  const refusedIds = new Set<string>();
  for (const change of lanes.flat()) {
    const quantity = (wanted.get(placeOf(change)) ?? Number.NaN) + change.delta;
    if (quantity >= 0) wanted.set(placeOf(change), quantity);
    else refusedIds.add(change.changeId);
    if (Number.isNaN(quantity)) refusedIds.add(change.changeId);
  }
  const got = new Map<string, number>();
  for (const [place, { playerId, resourceId }] of places) {
    const [[row]] = await judge.query<RowDataPacket[]>(
      'SELECT quantity FROM inventories WHERE player_id = ? AND resource_id = ?',
      [playerId, resourceId],
    );
    got.set(place, row!.quantity);
  }
  expect(got, why).toEqual(wanted);
  const all = await lab.getRefused({ redis: redis.client, mysql: judge });
  const refused = all.filter(({ changeId }: RefusedChange) => changeId.startsWith(`run${number}-`));
  expect(refused.map(({ changeId }) => changeId).sort(), why).toEqual([...refusedIds].sort());
  const pending = () =>
    Promise.all(
      [...places.values()].map((p) => lab.getPending({ redis: redis.client }, p.playerId, p.resourceId)),
    );
  await until(async () => (await pending()).every((sum) => sum === 0), `nothing pending, ${why}`);
  return refused.length;
}

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const begun = performance.now(); !(await condition()); await pause(5)) {
    if (performance.now() - begun > SETTLE_MS) throw new Error(`Waited ${SETTLE_MS / 1000} s for ${what}.`);
  }
}

/** Starts a process of the game, and another one whenever it ends; `onStart` is called with each. */
async function keep(plan: ProcessPlan, onStart: (child: ChildProcess) => void = () => {}): Promise<Kept> {
  let over = false;
  let child!: ChildProcess;
  let ready!: Promise<unknown>;
  const begin = () => {
    const script = join(rootFolder(), 'test/kit/support/late-writes-process.ts');
    const started = fork(script, [JSON.stringify(plan)], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    child = started;
    ready = once(started, 'message').then(() => onStart(started));
    ready.catch(() => {});
    started.once('exit', () => {
      if (!over) begin();
    });
  };
  begin();
  await ready;
  return {
    get child() {
      return child;
    },
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
    async freeze(ms) {
      const one = child;
      one.kill('SIGSTOP');
      await pause(ms);
      one.kill('SIGCONT');
    },
    end() {
      over = true;
    },
  };
}
