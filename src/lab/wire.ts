import { inspect } from 'node:util';
import { countOf } from '../../kit/base/count-of.ts';
import type { LabContext } from './context.ts';
import { native } from './native.ts';

export interface WireOptions {
  /** Milliseconds that every round trip takes longer, as a network would; default 0. */
  latencyMs?: number;
  /** A line above the diagram. */
  title?: string;
  /** False to measure without showing the diagram. */
  show?: boolean;
}

/** What crossed the network while a function ran. */
export interface WireReport<T> {
  /** Round trips that waited for one another. */
  trips: number;
  /** Requests to both servers. */
  commands: number;
  /** Bytes both ways. */
  bytes: number;
  /** Milliseconds that the function took, latency included. */
  ms: number;
  /** What the function resolved to. */
  value: T;
}

/**
 * Runs a function with clients of its own whose traffic is recorded, and shows what crossed as a sequence: each
 * request, each reply, and which waited for which. Call `open()` first.
 *
 * @throws NotOpen (by `name`) before `open()`, and what the function throws, after the diagram up to there.
 * @example
 * const { trips } = await wire(({ redis }) => redis.hset('order:1', { id: 1, user_id: 1 }), { latencyMs: 20 });
 */
export async function wire<T>(
  fn: (ctx: LabContext) => Promise<T>,
  options: WireOptions = {},
): Promise<WireReport<T>> {
  const { runTapped } = native<{ runTapped(work: typeof fn, options: WireOptions): Promise<WireReport<T>> }>(
    'lab/wire-run.ts',
  );
  const report = await runTapped(fn, options);
  // A cell that ends with `await wire(...)` prints one line, as the diagram says the rest.
  const line = () => `${figures(report)}, ${report.ms.toFixed(1)} ms`;
  return Object.defineProperty(report, inspect.custom, { value: line, enumerable: false });
}

/** @example figures({ trips: 6, commands: 6, bytes: 412 }) // '6 trips, 6 commands, 412 bytes' */
export function figures({
  trips,
  commands,
  bytes,
}: Pick<WireReport<unknown>, 'trips' | 'commands' | 'bytes'>): string {
  return [countOf(trips, 'trip'), countOf(commands, 'command'), countOf(bytes, 'byte')].join(', ');
}
