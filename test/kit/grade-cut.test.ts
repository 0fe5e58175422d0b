import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { redisGoesAway } from '../support/redis-goes-away.ts';
import { labOfCode } from './support/lab-of-code.ts';
import { runners, send } from './support/starve.ts';

interface Counter {
  count(ctx: unknown): Promise<number>;
  /** The same with a client that the code made of the first. */
  countBeside(ctx: unknown): Promise<number>;
}

const code = `
let beside: any;
export const count = ({ redis }: any) => redis.incr('count');
export const countBeside = ({ redis }: any) => (beside ??= redis.duplicate()).incr('count');
`;

const { oneCheck, environment } = labOfCode<Counter>('cut', code);

describe('a call after a cut', () => {
  test.each(['count', 'countBeside'] as const)('%s of another process does not meet it', async (name) => {
    const { lab } = oneCheck();
    const { redis } = environment().taps;
    const other = await lab.$another();
    await other[name]();
    for (let round = 0; round < 5; round++) {
      const before = Number(await other[name]());
      await lab.count();
      const cut = redis.cutAfter(1);
      const broken = lab.count().catch(() => undefined);
      await cut.happened;
      await lab.$crash();
      await broken;
      // The other process is stopped at the worst moment: it was refused for the second time, and does not know yet.
      const { refusedConnections } = redis.counts();
      while (redis.counts().refusedConnections === refusedConnections)
        await new Promise((resolve) => setImmediate(resolve));
      send(runners(), 'SIGSTOP');
      cut.restore();
      const call = other[name]();
      call.catch(() => {});
      await pause(20); // the call lies in its channel
      send(runners(), 'SIGCONT');
      expect(await call).toBe(before + 3);
    }
  });

  test('waits for no server that is away', async () => {
    const { lab } = oneCheck();
    await lab.count();
    await redisGoesAway(environment().taps);
    await expect(lab.count()).rejects.toThrow(/max retries|closed/i);
  });
});
