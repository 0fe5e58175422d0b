import { describe, expect, test } from 'vitest';
import { MachineTooBusy } from '../../kit/judge/machine-too-busy.ts';
import { labOfCode } from '../kit/support/lab-of-code.ts';
import { starve } from '../kit/support/starve.ts';

interface Slow {
  /** Computes for so many ms of processor time before each of 10 commands. */
  pages(ctx: unknown, cpuMs: number): Promise<number>;
  /** So many commands, one after the other. */
  trips(ctx: unknown, count: number): Promise<number>;
  endless(ctx: unknown): Promise<void>;
}

const code = `
const compute = (ms: number) => {
  const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
  for (const until = used() + ms; used() < until; );
};
export async function pages({ redis }: any, cpuMs: number) {
  let page = 0;
  while (page < 10) { compute(cpuMs); page = await redis.incr('page'); }
  return page;
}
export async function trips({ redis }: any, count: number) {
  let trip = 0;
  while (trip < count) trip = await redis.incr('trip');
  return trip;
}
export async function endless() { for (;;); }
`;

const { oneCheck } = labOfCode<Slow>('starved', code);

/** What a call came to; that the machine was too busy is no verdict either. */
const fate = (call: Promise<unknown>) =>
  call.catch((error) => {
    if (error instanceof MachineTooBusy) return 'too busy';
    throw error;
  });

describe('a call in a process', { timeout: 300_000 }, () => {
  test('that computes between its commands is never taken for idle', async () => {
    const { lab } = oneCheck();
    expect([10, 'too busy']).toContain(await fate(lab.pages(450)));
  });

  test('that the machine leaves no time has all of its own time', async () => {
    const { lab } = oneCheck();
    await lab.trips(1);
    const feed = starve({ runMs: 30, stopMs: 700 });
    try {
      expect([1_000, 'too busy']).toContain(await fate(lab.trips(1_000)));
    } finally {
      await feed();
    }
  });

  test('that never lets go is told by its processor time, in however small pieces it gets that', async () => {
    const { lab } = oneCheck();
    await lab.trips(1);
    const feed = starve({ runMs: 150, stopMs: 300 });
    const error = (await lab.endless().catch((thrown) => thrown)) as { trouble?: string };
    await feed();
    if (!(error instanceof MachineTooBusy)) expect(error.trouble).toBe('endless loop');
  });
});
