import type { TapEvent } from './tap.ts';
import { printable } from './text-capture.ts';

/** Keeps the first and the last `most / 2` events of a stream, and how many lay between. */
export class Transcript {
  #half: number;
  #first: TapEvent[] = [];
  #last: TapEvent[] = [];
  #seen = 0;
  #gap: TapEvent | undefined;

  constructor({ most = 2000 }: { most?: number } = {}) {
    this.#half = Math.max(1, Math.floor(most / 2));
  }

  add(event: TapEvent): void {
    if (this.#first.length < this.#half) this.#first.push(event);
    else {
      const place = (this.#seen - this.#half) % this.#half;
      const evicted = this.#last[place];
      if (evicted) this.#leaveOut(evicted);
      this.#last[place] = event;
    }
    this.#seen += 1;
  }

  clear(): void {
    this.#first = [];
    this.#last = [];
    this.#seen = 0;
    this.#gap = undefined;
  }

  /** The events in their order, a gap in place of those left out. */
  events(): TapEvent[] {
    const oldest = this.#seen > 2 * this.#half ? this.#seen % this.#half : 0;
    const last = [...this.#last.slice(oldest), ...this.#last.slice(0, oldest)];
    return [...this.#first, ...(this.#gap ? [this.#gap] : []), ...last].map(shown);
  }

  #leaveOut({ server, connection, direction, at, bytes }: TapEvent): void {
    this.#gap ??= {
      kind: 'gap',
      id: -1,
      server,
      connection,
      direction,
      at,
      name: '',
      text: '',
      bytes: 0,
      depth: 0,
      setup: false,
      count: 0,
    };
    this.#gap.bytes += bytes;
    this.#gap.count = (this.#gap.count ?? 0) + 1;
  }
}

function shown(event: TapEvent): TapEvent {
  const clean = { ...event, name: printable(event.name), text: printable(event.text) };
  if (clean.error !== undefined) clean.error = printable(clean.error);
  return clean;
}
