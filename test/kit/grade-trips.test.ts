import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Environment } from '../../kit/judge/environment.ts';
import { labControls } from '../../kit/judge/lab-processes.ts';
import { TimeLimit } from '../../kit/judge/time-limit.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';

interface Slow {
  warm(ctx: unknown): Promise<void>;
  /** Two commands that do not wait for each other, and much to compute between them. */
  redisTwice(ctx: unknown): Promise<void>;
  besideRedis(ctx: unknown): Promise<void>;
  mysqlAndRedis(ctx: unknown): Promise<void>;
  mysqlThrice(ctx: unknown): Promise<void>;
  /** Two, of which the second waits for the first. */
  oneByOne(ctx: unknown): Promise<void>;
}

const code = `
const compute = () => { for (const end = performance.now() + 150; performance.now() < end; ); };
let beside: any;
export async function warm({ redis, mysql }: any) {
  beside ??= redis.duplicate();
  await Promise.all([redis.ping(), beside.ping(), mysql.query('SELECT 1')]);
}
async function atOnce(...calls: (() => Promise<unknown>)[]) {
  const all = [];
  for (const call of calls) { all.push(call()); compute(); }
  await Promise.all(all);
}
export const redisTwice = ({ redis }: any) => atOnce(() => redis.get('a'), () => redis.get('b'));
export const besideRedis = ({ redis }: any) => atOnce(() => redis.get('a'), () => beside.get('b'));
export const mysqlAndRedis = ({ redis, mysql }: any) => atOnce(() => mysql.query('SELECT 1'), () => redis.get('b'));
const query = ({ mysql }: any) => () => mysql.query('SELECT 1');
export const mysqlThrice = (ctx: any) => atOnce(query(ctx), query(ctx), query(ctx));
export async function oneByOne({ redis }: any) { await redis.get('a'); compute(); await redis.get('b'); }
`;

let servers: Servers;
let environment: Environment;
let folder: string;
let source: string;

beforeAll(async () => {
  servers = await openServers();
  environment = await Environment.open(servers, `trips_${process.pid}`);
  folder = await mkdtemp(join(tmpdir(), 'storelab-test-'));
  source = join(folder, 'slow.ts');
  await writeFile(source, code);
});
beforeEach(() => environment.reset());
afterAll(async () => {
  await environment?.close();
  await servers?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('trips of a process that has much to do', () => {
  test.each([
    ['redisTwice', 2, 1],
    ['besideRedis', 2, 1],
    ['mysqlAndRedis', 2, 1],
    ['mysqlThrice', 3, 1],
    ['oneByOne', 2, 2],
  ] as const)('%s: %i commands are %i', async (name, commands, trips) => {
    const { lab } = labControls<Slow>(environment, {
      source,
      labId: '01-initial-sync',
      time: new TimeLimit(),
    });
    const { redis, mysql, meter } = environment.taps;
    await lab.warm();
    redis.holdMs = 5;
    mysql.holdMs = 5;
    meter.reset();
    await lab[name]();
    expect({ commands: meter.commands, trips: meter.trips }).toEqual({ commands, trips });
  });
});
