import { inspect } from 'node:util';
import type { TapEvent } from '../grade/tap/tap.ts';
import { renderWireSvg } from '../grade/tap/wire-svg.ts';
import { renderWireText } from '../grade/tap/wire-text.ts';
import type { LabContext } from './context.ts';
import { display } from './display.ts';
import { escapeHtml, page } from './html.ts';
import { currentSession } from './session.ts';
import { openTapped, type Tapped } from './tapped.ts';

export interface WireOptions {
  /** Milliseconds that every round trip takes longer, as a network would; 0 unless told. */
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
  const session = await currentSession();
  if (!session) {
    const error = new Error('wire() needs the servers: run the cell with `await open()` first.');
    error.name = 'NotOpen';
    throw error;
  }
  const { latencyMs = 0, title, show = true } = options;
  const tapped = await openTapped(session);
  try {
    for (const tap of [tapped.redis, tapped.mysql]) {
      tap.latencyMs = latencyMs;
      // Latency itself holds replies back; without it a moment does, so that trips do not vary (see the taps).
      tap.holdMs = latencyMs > 0 ? 0 : 1;
    }
    tapped.meter.reset();
    const began = performance.now();
    try {
      const value = await fn(tapped.context);
      const ms = performance.now() - began;
      await Promise.all([tapped.redis.settled(), tapped.mysql.settled()]);
      return summarised({ ...figures(tapped), ms, value });
    } finally {
      if (show) showWire(tapped, { latencyMs, title });
    }
  } finally {
    await tapped.close();
  }
}

function figures({ meter, redis, mysql }: Tapped): Pick<WireReport<unknown>, 'trips' | 'commands' | 'bytes'> {
  const counts = [redis.counts(), mysql.counts()];
  const bytes = counts.reduce((sum, { bytesSent, bytesReceived }) => sum + bytesSent + bytesReceived, 0);
  return { trips: meter.trips, commands: meter.commands, bytes };
}

function showWire(tapped: Tapped, { title, latencyMs }: { title?: string; latencyMs: number }): void {
  const events: TapEvent[] = [...tapped.redis.transcript(), ...tapped.mysql.transcript()];
  const line = [title, sentence(figures(tapped)), latencyMs > 0 ? `${latencyMs} ms of latency added` : '']
    .filter(Boolean)
    .join(' · ');
  display({
    text: `${line}\n${renderWireText(events, { width: Math.min(120, process.stdout.columns || 100) })}`,
    html: page(`<div><strong>${escapeHtml(line)}</strong></div>${renderWireSvg(events)}`),
  });
}

/** @example sentence({ trips: 6, commands: 6, bytes: 412 }) // '6 trips, 6 commands, 412 bytes' */
function sentence({
  trips,
  commands,
  bytes,
}: Pick<WireReport<unknown>, 'trips' | 'commands' | 'bytes'>): string {
  const n = (count: number, one: string) => `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;
  return `${n(trips, 'trip')}, ${n(commands, 'command')}, ${n(bytes, 'byte')}`;
}

/** A cell that ends with `await wire(...)` prints one line, as the diagram says the rest. */
function summarised<T>(report: WireReport<T>): WireReport<T> {
  const line = () => `${sentence(report)}, ${report.ms.toFixed(1)} ms`;
  return Object.defineProperty(report, inspect.custom, { value: line, enumerable: false });
}
