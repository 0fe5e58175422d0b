import { escapeHtml } from '../../kit/base/html.ts';
import type { TapEvent } from '../../kit/tap/tap.ts';
import { renderWireSvg } from '../../kit/tap/wire-svg.ts';
import { renderWireText } from '../../kit/tap/wire-text.ts';
import type { LabContext } from './context.ts';
import { currentSession } from './current-session.ts';
import { display } from './display.ts';
import { page } from './html-page.ts';
import { openTapped, type Tapped } from './tapped.ts';
import { figures, type WireOptions, type WireReport } from './wire.ts';

/** What `wire()` does, apart from it so that a notebook need not compile the taps. */
export async function runTapped<T>(
  fn: (ctx: LabContext) => Promise<T>,
  options: WireOptions,
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
      return { ...count(tapped), ms, value };
    } finally {
      if (show) showWire(tapped, { latencyMs, title });
    }
  } finally {
    await tapped.close();
  }
}

function count({ meter, redis, mysql }: Tapped): Pick<WireReport<unknown>, 'trips' | 'commands' | 'bytes'> {
  const counts = [redis.counts(), mysql.counts()];
  const bytes = counts.reduce((sum, { bytesSent, bytesReceived }) => sum + bytesSent + bytesReceived, 0);
  return { trips: meter.trips, commands: meter.commands, bytes };
}

function showWire(tapped: Tapped, { title, latencyMs }: { title?: string; latencyMs: number }): void {
  const events: TapEvent[] = [...tapped.redis.transcript(), ...tapped.mysql.transcript()];
  const line = [title, figures(count(tapped)), latencyMs > 0 ? `${latencyMs} ms of latency added` : '']
    .filter(Boolean)
    .join(' · ');
  display({
    text: `${line}\n${renderWireText(events, { width: Math.min(120, process.stdout.columns || 100) })}`,
    html: page(`<div><strong>${escapeHtml(line)}</strong></div>${renderWireSvg(events)}`),
  });
}
