import { describe, expect, test } from 'vitest';
import { labOfCode } from './support/lab-of-code.ts';

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

const { oneCheck, environment } = labOfCode<Slow>('trips', code);

describe('trips of a process that has much to do', () => {
  test.each([
    ['redisTwice', 2, 1],
    ['besideRedis', 2, 1],
    ['mysqlAndRedis', 2, 1],
    ['mysqlThrice', 3, 1],
    ['oneByOne', 2, 2],
  ] as const)('%s: %i commands are %i', async (name, commands, trips) => {
    const { lab } = oneCheck();
    const { redis, mysql, meter } = environment().taps;
    await lab.warm();
    redis.holdMs = 5;
    mysql.holdMs = 5;
    meter.reset();
    await lab[name]();
    expect({ commands: meter.commands, trips: meter.trips }).toEqual({ commands, trips });
  });
});
