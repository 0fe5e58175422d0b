import type { Servers } from '../servers/servers.ts';
import type { Seen } from './before.ts';
import type { Order } from './lab-messages.ts';
import { type LabRun, startLabRun } from './lab-run.ts';
import { saves } from './saves.ts';
import { WatchReport } from './watch-report.ts';

export interface WatchOptions extends Omit<Order, 'id' | 'servers' | 'before'> {
  /** They stay warm from one run to the next. */
  servers: Servers;
  /** Ends the watch. */
  signal: AbortSignal;
}

/**
 * Proves a lab, and again at each save of one of its files, until `signal`. A save in the middle of a run begins a new
 * one. All runs draw the same inputs, so that what changes comes from the save.
 *
 * @returns whether everything held in the last run that came to its end.
 */
export async function watchLab(id: string, options: WatchOptions): Promise<boolean> {
  const { servers, signal, ...order } = options;
  const report = new WatchReport(`Lab ${id.slice(0, 2)}`);
  const before: Record<string, Seen> = {};
  let held = false;

  const begin = (saved: readonly string[]): LabRun => {
    report.begin(saved);
    return startLabRun({ ...order, id, servers: servers.describe(), before: { ...before } }, (message) => {
      if ('claim' in message) report.claim(message.claim);
      else if ('seen' in message) before[message.name] = message.seen;
      else if ('fault' in message) report.fault(message.fault);
      else held = report.end();
    });
  };

  let run = begin([]);
  try {
    for await (const saved of saves(id, signal)) {
      await run.stop();
      run = begin(saved);
    }
  } finally {
    await run.stop();
  }
  return held;
}
