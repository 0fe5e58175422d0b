import type { TapEvent } from './tap.ts';
import { printable } from './text-capture.ts';

/** Keeps the first and the last `most / 2` events of a stream, and how many lay between. */
export class Transcript {
  #half: number;
  #first: TapEvent[] = [];
  #last: TapEvent[] = [];
  #seen = 0;

  constructor({ most = 2000 }: { most?: number } = {}) {
    this.#half = Math.max(1, Math.floor(most / 2));
  }

  add(event: TapEvent): void {
    if (this.#first.length < this.#half) this.#first.push(event);
    else this.#last[(this.#seen - this.#half) % this.#half] = event;
    this.#seen += 1;
  }

  clear(): void {
    this.#first = [];
    this.#last = [];
    this.#seen = 0;
  }

  /** The events in their order, a gap in place of those left out. */
  events(): TapEvent[] {
    const oldest = this.#seen > 2 * this.#half ? this.#seen % this.#half : 0;
    const last = [...this.#last.slice(oldest), ...this.#last.slice(0, oldest)];
    const leftOut = this.#seen - this.#first.length - last.length;
    const gap = leftOut > 0 && last[0] ? [gapBefore(last[0], leftOut)] : [];
    return [...this.#first, ...gap, ...last].map(shown);
  }
}

function gapBefore(event: TapEvent, count: number): TapEvent {
  const { server, connection, direction, at } = event;
  return {
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
    count,
  };
}

function shown(event: TapEvent): TapEvent {
  const clean = { ...event, name: printable(event.name), text: printable(event.text) };
  if (clean.error !== undefined) clean.error = printable(clean.error);
  return clean;
}
