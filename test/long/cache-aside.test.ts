// needs: answers
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { extractAnswer } from '../../kit/judge/extract-answers.ts';
import { drawFor, newSeed } from '../../kit/judge/seed.ts';
import { redisClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { PrivateRedis, Servers } from '../../kit/servers/servers.ts';
import type { Round, Told } from './support/cache-readers.ts';

const PROCESSES = 4;
const seed = Number(process.env.SEED ?? newSeed());
const why = (round: number) => `round ${round} of seed ${seed} (SEED=${seed} repeats it)`;

let servers: Servers;
let own: PrivateRedis;
let redis: Redis;
let module: string;
let number = 0;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  servers = await openServers();
  own = await servers.startRedis();
  redis = new Redis(redisClientOptions(own.admin));
  module = await extractAnswer('06-cache-aside');
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  redis?.disconnect();
  await own?.close();
  await servers?.close();
});

/** The first message of this kind from any of these processes, and whose it was. */
function heard<T extends Told['type']>(from: ChildProcess[], type: T) {
  return new Promise<{ child: ChildProcess; message: Extract<Told, { type: T }> }>((resolve) => {
    const listeners = from.map((child) => {
      const listen = (message: Told) => {
        if (message.type !== type) return;
        for (const off of listeners) off();
        resolve({ child, message: message as Extract<Told, { type: T }> });
      };
      child.on('message', listen);
      return () => child.off('message', listen);
    });
  });
}

async function start(): Promise<ChildProcess> {
  const script = join(rootFolder(), 'test/long/support/cache-readers.ts');
  const child = fork(script, [JSON.stringify(own.address), module], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  children.add(child);
  await heard([child], 'ready');
  return child;
}

/** Four processes, and a round for them. `loader` is the process that loads first. */
async function begin(processes: ChildProcess[], round: Omit<Round, 'number' | 'key'>) {
  const whole: Round = { ...round, number: ++number, key: `market:listings:active:${number}` };
  const loader = heard(processes, 'loading').then(({ child }) => child);
  const reads = new Map(
    processes.map((child) => [child, heard([child], 'read').then(({ message }) => message)]),
  );
  for (const child of processes) child.send(whole);
  const loads = async () => Number(await redis.get(`loads:${whole.number}`));
  return { ...whole, loader, reads, loads, kept: () => redis.get(whole.key) };
}

describe('getOrLoad()', () => {
  test('loads once for 1,000 readers in 4 processes, 40 rounds', async () => {
    const draw = drawFor(seed, 'one load');
    const processes = await Promise.all(Array.from({ length: PROCESSES }, start));
    for (let i = 0; i < 40; i++) {
      const round = await begin(processes, {
        readers: 1_000 / PROCESSES,
        spreadMs: draw.pick([0, 0, 2, 30]),
        loadMs: draw.pick([0, 1, 5, 20, 100]),
        options: { ttlMs: 60_000, waitMs: 30_000 },
      });
      const answers = await Promise.all(round.reads.values());
      expect(await round.loads(), why(round.number)).toBe(1);
      const got = answers.flatMap(({ values }) => values);
      expect(got, why(round.number)).toEqual(Array(1_000).fill({ round: round.number, load: 1 }));
    }
    for (const child of processes) child.kill();
  });

  test('loads a second time, once, where the process that loads is killed, 10 rounds', {
    timeout: 120_000,
  }, async () => {
    let processes = await Promise.all(Array.from({ length: PROCESSES }, start));
    for (let i = 0; i < 10; i++) {
      const options = { ttlMs: 60_000, waitMs: 1_000 };
      const round = await begin(processes, { readers: 250, spreadMs: 0, loadMs: 'until go', options });
      const loader = await round.loader;
      loader.kill('SIGKILL');
      const living = processes.filter((child) => child !== loader);
      const answers = await Promise.all(living.map((child) => round.reads.get(child)));
      expect(await round.loads(), why(round.number)).toBe(2);
      const got = answers.flatMap((answer) => answer!.values);
      expect(got, why(round.number)).toEqual(Array(750).fill({ round: round.number, load: 2 }));
      processes = [...living, await start()];
    }
    for (const child of processes) child.kill();
  });

  test('keeps the newer value where the process that loads is stopped for longer than waitMs, 10 rounds', {
    timeout: 120_000,
  }, async () => {
    const processes = await Promise.all(Array.from({ length: PROCESSES }, start));
    for (let i = 0; i < 10; i++) {
      const options = { ttlMs: 60_000, waitMs: 500 };
      const round = await begin(processes, { readers: 250, spreadMs: 0, loadMs: 'until go', options });
      const loader = await round.loader;
      loader.kill('SIGSTOP');
      const others = processes.filter((child) => child !== loader);
      await Promise.all(others.map((child) => round.reads.get(child)));
      const kept = await round.kept();
      expect(JSON.parse(kept!), why(round.number)).toEqual({ round: round.number, load: 2 });
      loader.kill('SIGCONT');
      loader.send('go');
      const late = await round.reads.get(loader);
      expect(late!.errors, why(round.number)).toEqual([]);
      expect(await round.kept(), `${why(round.number)}: the late value is not kept`).toBe(kept);
      expect(await round.loads(), why(round.number)).toBe(2);
    }
    for (const child of processes) child.kill();
  });
});
