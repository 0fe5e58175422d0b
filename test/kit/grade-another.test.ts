import { describe, expect, test } from 'vitest';
import { labOfCode } from './support/lab-of-code.ts';

/** Which process answers, by what it drew at random when it began, and its clock. */
interface Who {
  id: string;
  share: number;
  now: number;
}

interface Twins {
  who(ctx: unknown): Promise<Who>;
  count(ctx: unknown): Promise<number>;
  orders(ctx: unknown): Promise<number>;
  /** Writes, then hangs in the callback; resolves to what that resolved to. */
  hold(ctx: unknown, callback: () => Promise<string>): Promise<string>;
}

const code = `
import { randomUUID } from 'node:crypto';
const [id, share] = [randomUUID(), Math.random()];
export const who = async ({ now }: any) => ({ id, share, now: now() });
export const count = ({ redis }: any) => redis.incr('count');
export const orders = async ({ mysql }: any) => (await mysql.query('SELECT COUNT(*) AS n FROM orders'))[0][0].n;
export const hold = async ({ redis }: any, callback: any) => { await redis.set('held', 1); return callback(); };
`;

const { oneCheck, reset, secondFile } = labOfCode<Twins>('twins', code);

const whoIs = async (one: { who(): Promise<unknown> }) => (await one.who()) as Who;

describe('$another()', () => {
  test('is one more process on the same servers, with a clock of its own', async () => {
    const { lab } = oneCheck();
    const [b, c] = await Promise.all([lab.$another(), lab.$another()]);
    await c.$setClock(5);
    const [first, second, third] = (await Promise.all([lab, b, c].map(whoIs))) as [Who, Who, Who];
    expect(new Set([first.id, second.id, third.id]).size).toBe(3);
    expect(new Set([first.share, second.share, third.share]).size).toBe(3);
    expect([third.now, first.now]).toEqual([5, second.now]);
    expect((await Promise.all([lab.count(), b.count(), c.count()])).sort()).toEqual([1, 2, 3]);
    expect(await Promise.all([lab.orders(), b.orders(), c.orders()])).toEqual([10, 10, 10]);
  });

  test('is crashed alone, in the middle of a call, and started again by the next', async () => {
    const { lab } = oneCheck();
    const b = await lab.$another();
    const before = await whoIs(b);
    let entered = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const held = b.hold(() => {
      entered();
      return new Promise(() => {});
    });
    const ending = held.catch((error: { trouble: string }) => error.trouble);
    await inside;
    await b.$crash();
    expect(await ending).toBe('process ended');
    expect(await lab.count()).toBe(1);
    expect((await whoIs(b)).id).not.toBe(before.id);
    expect(await Promise.all([lab.orders(), b.orders()])).toEqual([10, 10]);
  });

  test('goes on where the first is crashed and comes back', async () => {
    const { lab } = oneCheck();
    const b = await lab.$another();
    expect(await b.orders()).toBe(10);
    await lab.$crash();
    expect(await lab.orders()).toBe(10);
    expect(await b.orders()).toBe(10);
  });

  test('is kept for the next check, and ends with the first that does without it', async () => {
    const idOf = async () => (await whoIs(await oneCheck().lab.$another())).id;
    const id = await idOf();
    await reset();
    expect(await idOf()).toBe(id);
    await reset();
    await oneCheck().lab.count();
    await reset();
    expect(await idOf()).not.toBe(id);
  });

  test('ends with a check that leaves it in a call', async () => {
    const { lab } = oneCheck();
    const [b, c] = await Promise.all([lab.$another(), lab.$another()]);
    const left = await Promise.all([b, c].map(whoIs));
    await new Promise<void>((entered) => {
      b.hold(() => new Promise(() => entered())).catch(() => {});
    });
    await reset();
    const next = oneCheck().lab;
    const again = await Promise.all([await next.$another(), await next.$another()].map(whoIs));
    expect(again.map(({ id }, i) => id === left[i]!.id)).toEqual([false, true]);
  });

  test('ends before another submission runs', async () => {
    const { id } = await whoIs(await oneCheck().lab.$another());
    await reset();
    await oneCheck(await secondFile()).lab.count();
    expect((await whoIs(await oneCheck().lab.$another())).id).not.toBe(id);
  });
});
