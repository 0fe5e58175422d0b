// needs: answers
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extractAnswer } from '../../kit/judge/extract-answers.ts';
import { newSeed } from '../../kit/judge/seed.ts';
import { type LateWrites, startLateWrites } from '../kit/support/late-writes.ts';

const seed = Number(process.env.SEED ?? newSeed());
const runs = Number(process.env.RUNS ?? 120);
let game: LateWrites;

beforeAll(async () => {
  game = await startLateWrites({ module: await extractAnswer('08-write-behind'), seed });
});
afterAll(() => game?.close());

describe('runFlusher()', () => {
  test(`loses no acknowledged change and writes none twice, ${runs} runs with faults`, {
    timeout: 1_800_000,
  }, async () => {
    const seen = new Map<string, number>();
    const total = { acknowledged: 0, refused: 0, faults: 0 };
    for (let number = 1; number <= runs; number++) {
      const run = await game.run(number);
      total.acknowledged += run.acknowledged;
      total.refused += run.refused;
      total.faults += run.faults.length;
      for (const fault of run.faults) {
        const kind = fault.replace(/ after \d+$/, '');
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }
    }
    console.log(`seed ${seed}:`, total, Object.fromEntries(seen));
    expect(total.acknowledged).toBe(runs * 160);
    expect(total.refused, 'some were refused').toBeGreaterThan(0);
  });
});
