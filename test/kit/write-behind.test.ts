// needs: answers
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extractAnswer } from '../../kit/judge/extract-answers.ts';
import { newSeed } from '../../kit/judge/seed.ts';
import { type LateWrites, startLateWrites } from './support/late-writes.ts';

// test/long/write-behind.test.ts does the same more than a hundred times.
const seed = Number(process.env.SEED ?? newSeed());
let game: LateWrites;

beforeAll(async () => {
  game = await startLateWrites({ module: await extractAnswer('08-write-behind'), seed });
});
afterAll(() => game?.close());

describe('runFlusher()', () => {
  test('loses no acknowledged change and writes none twice while processes and servers are killed, 5 runs', {
    timeout: 120_000,
  }, async () => {
    for (let number = 1; number <= 5; number++) {
      const { acknowledged, faults } = await game.run(number);
      expect([acknowledged, faults.length > 1], `run ${number} of seed ${seed}`).toEqual([160, true]);
    }
  });
});
