import { calm } from './calm.ts';

/** One thing that is measured: does its work once and says what it took. */
export interface Contender {
  name: string;
  /** Resolves to the measurement, in the bench's own unit; throws where the result was wrong. */
  run(): Promise<number>;
}

/**
 * Measures contenders in interleaved rounds: each runs once a round, and every round begins with another one, so
 * that a busy minute of the machine falls on all of them and not on one.
 *
 * @returns the measurements of each by its name, a round each, so `a[i] / b[i]` is a ratio within round i.
 * @example await interleaved([{ name: 'SCAN', run: scan }, { name: 'KEYS', run: keys }], { rounds: 5 })
 */
export async function interleaved(
  contenders: readonly Contender[],
  { rounds, onRound }: { rounds: number; onRound?: (round: number) => void },
): Promise<Map<string, number[]>> {
  const taken = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const { name, run } = contenders[(i + round) % contenders.length]!;
      await calm();
      taken.get(name)!.push(await run());
    }
    onRound?.(round + 1);
  }
  return taken;
}

/** Measures one thing several times over, in its own unit. */
export async function repeated(times: number, run: () => Promise<number>): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    await calm();
    taken.push(await run());
  }
  return taken;
}

/** Milliseconds that `work` took. */
export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
