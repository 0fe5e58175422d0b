import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { Redis } from 'ioredis';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { rootFolder } from '../kit/base/root.ts';
import { extractAnswer } from '../kit/judge/extract-answers.ts';
import { loadHere } from '../kit/judge/runner/load-here.ts';
import { drawFor } from '../kit/judge/seed.ts';
import { mysqlClientOptions, redisClientOptions } from '../kit/servers/clients.ts';
import { openServers } from '../kit/servers/open-servers.ts';
import { findLab } from '../src/catalog.ts';
import type { InventoryChange, WriteBehind } from '../src/contracts/write-behind.ts';
import { loadMarket } from '../src/worlds/market/load.ts';
import { type RedisProcess, startRedisProcess } from '../test/kit/support/redis-process.ts';
import { machine } from './support/machine.ts';
import { interleaved, timed } from './support/rounds.ts';
import { shown, spread } from './support/spread.ts';
import { table } from './support/table.ts';

// What a write costs that is acknowledged from Redis, and what an accident leaves of it:
// node bench/write-behind.ts [changes] [rounds] [accidents]
const changes = Number(process.argv[2] ?? 2_000);
const rounds = Number(process.argv[3] ?? 5);
const accidents = Number(process.argv[4] ?? 20);
const policies = ['always', 'everysec', 'no'] as const;
/** Senders at once: a batch of theirs shares one fdatasync(). */
const SENDERS = 50;
/** How slow the slow disk is, ms for each fdatasync(). */
const SLOW_MS = 400;

const { packages } = findLab('08');
const { acceptChange, flushChanges } = (await loadHere(
  await extractAnswer('08-write-behind'),
  packages,
)) as unknown as WriteBehind;
const now = Date.now;
let made = 0;
const aChange = (): InventoryChange => ({
  changeId: `bench-${++made}`,
  playerId: 1 + (made % 8),
  resourceId: 1 + (made % 13),
  delta: 1,
});

/** Sends `n` changes by so many senders, each of which waits for its acknowledgement. */
async function send(redis: Redis, n: number, senders: number): Promise<void> {
  let left = n;
  await Promise.all(
    Array.from({ length: senders }, async () => {
      while (left-- > 0) await acceptChange({ redis, now }, aChange());
    }),
  );
}

/** Changes a second. */
async function speed(redis: Redis, n: number, senders: number): Promise<number> {
  return n / ((await timed(() => send(redis, n, senders))) / 1000);
}

async function costs(): Promise<void> {
  const servers = await Promise.all(policies.map((appendfsync) => startRedisProcess({ appendfsync })));
  const clients = servers.map(({ address }) => new Redis(redisClientOptions(address)));
  const contenders = policies.flatMap((policy, i) =>
    [1, SENDERS].map((senders) => ({
      name: `${policy} ${senders}`,
      run: () => speed(clients[i]!, senders === 1 ? changes / 4 : changes, senders),
    })),
  );
  const got = await interleaved(contenders, { rounds });
  const cell = (name: string) => shown(spread(got.get(name)!));
  console.log(`\nAccepted changes a second:\n`);
  console.log(
    table([
      ['appendfsync', 'one sender', `${SENDERS} senders at once`],
      ...policies.map((policy) => [policy, cell(`${policy} 1`), cell(`${policy} ${SENDERS}`)]),
    ]),
  );
  for (const client of clients) client.disconnect();
  for (const server of servers) await server.close();
}

/** A rewrite would begin another file in the middle of an accident. */
const oneFile = ['--auto-aof-rewrite-percentage', '0'];

type Accident = 'kill -9' | 'kill -9, slow disk' | 'power cut';

/** Accepts until the accident, starts Redis again, and says how many of the acknowledged changes are gone. */
async function lost(
  policy: (typeof policies)[number],
  accident: Accident,
  { shim, afterMs }: { shim: string; afterMs: number },
): Promise<{ acknowledged: number; lost: number }> {
  const synced = `${shim}.synced`;
  await rm(synced, { force: true });
  const env = {
    LD_PRELOAD: shim,
    SYNCED_FILE: synced,
    ...(accident === 'kill -9, slow disk' ? { SYNC_MS: String(SLOW_MS) } : {}),
  };
  const server = await startRedisProcess({ appendfsync: policy, env, settings: oneFile });
  const redis = new Redis(redisClientOptions(server.address));
  redis.on('error', () => {});
  const acknowledged: string[] = [];
  let over = false;
  const senders = Array.from({ length: 8 }, async () => {
    while (!over) {
      const change = aChange();
      await acceptChange({ redis, now }, change);
      acknowledged.push(change.changeId);
    }
  });
  await pause(afterMs);
  await server.kill();
  over = true;
  await Promise.allSettled(senders);
  redis.disconnect();
  if (accident === 'power cut') await powerCut(server, synced);
  await server.start();
  const entries = await server.client.xrange('write-behind:log', '-', '+');
  const there = new Set(entries.map(([, [, text]]) => (JSON.parse(text!) as InventoryChange).changeId));
  await server.close();
  const gone = acknowledged.filter((id) => !there.has(id)).length;
  return { acknowledged: acknowledged.length, lost: gone };
}

/** Cuts the append-only file to what was surely on the disk: the worst that a power cut can leave. */
async function powerCut({ folder }: RedisProcess, synced: string): Promise<void> {
  const size = existsSync(synced) ? Number(await readFile(synced, 'utf8')) : 0;
  const aof = join(folder, 'appendonlydir');
  const [file] = (await readdir(aof)).filter((name) => name.endsWith('.incr.aof'));
  await truncate(join(aof, file!), size);
}

async function losses(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'storelab-synced-'));
  const shim = join(folder, 'synced.so');
  const source = join(rootFolder(), 'bench', 'write-behind', 'synced.c');
  const { failed } = await execa('cc', ['-shared', '-fPIC', '-O2', '-o', shim, source, '-ldl'], {
    reject: false,
  });
  if (failed) {
    console.log('\nNo C compiler, so no power cut: what an accident leaves was not measured.');
    return;
  }
  const kinds: Accident[] = ['kill -9', 'kill -9, slow disk', 'power cut'];
  const rows = [['appendfsync', ...kinds]];
  for (const policy of policies) {
    const row: string[] = [policy];
    for (const kind of kinds) {
      const draw = drawFor(1, `${policy} ${kind}`);
      const runs = [];
      for (let i = 0; i < accidents; i++)
        runs.push(await lost(policy, kind, { shim, afterMs: draw.int(1_200, 3_000) }));
      const with_ = runs.filter((run) => run.lost > 0).length;
      const most = runs.reduce((a, b) => (b.lost > a.lost ? b : a));
      row.push(
        with_ === 0 ? 'none' : `in ${with_} of ${accidents}, at most ${most.lost} of ${most.acknowledged}`,
      );
    }
    rows.push(row);
  }
  console.log(`\nAcknowledged changes that were gone afterwards (${accidents} accidents each):\n`);
  console.log(table(rows));
  await rm(folder, { recursive: true, force: true });
}

/** What MySQL is spared: changes a second, each in a transaction of its own, or in batches. */
async function batches(): Promise<void> {
  const servers = await openServers();
  const own = await servers.startRedis();
  const redis = new Redis(redisClientOptions(own.address));
  try {
    await loadMarket(servers.mysql, { schema: 'bench_write_behind', players: 100 });
    const mysql = createPool({ ...mysqlClientOptions(servers.mysql), database: 'bench_write_behind' });
    const sizes = [1, 10, 100, 1_000];
    const flushed = (batch: number) => async () => {
      const n = batch === 1 ? changes / 4 : changes;
      await send(redis, n, SENDERS);
      const ms = await timed(() => flushChanges({ redis, mysql }, { batch }));
      return n / (ms / 1000);
    };
    const got = await interleaved(
      [
        { name: 'at once', run: () => writeAtOnce(mysql, changes / 4) },
        ...sizes.map((batch) => ({ name: `batch ${batch}`, run: flushed(batch) })),
      ],
      { rounds },
    );
    const rows = [...got].map(([name, values]) => [name, shown(spread(values))]);
    console.log(`\n${machine(servers)}\n\nChanges a second that reach MySQL:\n`);
    console.log(table([['way', 'changes a second'], ...rows]));
    await mysql.query('DROP DATABASE bench_write_behind');
    await mysql.end();
  } finally {
    redis.disconnect();
    await servers.close();
  }
}

/** Write-through, for comparison: each change in a transaction of its own, as its sender waits. */
async function writeAtOnce(mysql: Pool, n: number): Promise<number> {
  const ms = await timed(async () => {
    for (let i = 0; i < n; i++) {
      const { changeId, playerId, resourceId, delta } = aChange();
      const connection = await mysql.getConnection();
      await connection.beginTransaction();
      await connection.query<RowDataPacket[]>(
        'INSERT INTO inventories VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE quantity = quantity + VALUES(quantity)',
        [playerId, resourceId, delta],
      );
      await connection.query('INSERT INTO applied_writes (write_id) VALUES (?)', [changeId]);
      await connection.commit();
      connection.release();
    }
  });
  return n / (ms / 1000);
}

console.log(machine());
await costs();
await losses();
await batches();
