import { renderWireText } from '../tap/wire-text.ts';
import type { Taps } from './environment.ts';

/** Lines that a report shows at most. */
const MAX_LINES = 60;

/** What a check counts with: a budget. */
const budgets = new Set(['trips', 'commands', 'counts', 'of', 'rowsBeforeWrite']);

/**
 * The taps of a check, and what crossed the network as a picture in text, where the check has asked how much did: the
 * reader of a failed budget then sees what was counted.
 */
export function watchingBudgets(taps: Taps): { taps: Taps; wire(): string | undefined } {
  let asked = false;
  const watched = <T extends object>(object: T): T =>
    new Proxy(object, {
      get(target, key) {
        if (typeof key === 'string' && budgets.has(key)) asked = true;
        const value = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
      set: (target, key, value) => Reflect.set(target, key, value, target),
    });
  return {
    taps: { meter: watched(taps.meter), redis: watched(taps.redis), mysql: watched(taps.mysql) },
    wire() {
      if (!asked) return undefined;
      const events = [...taps.redis.transcript(), ...taps.mysql.transcript()].sort((a, b) => a.at - b.at);
      const lines = renderWireText(events, { width: 96 }).split('\n');
      const more = lines.length - MAX_LINES;
      return more > 0 ? [...lines.slice(0, MAX_LINES), `… ${more} more lines`].join('\n') : lines.join('\n');
    },
  };
}
