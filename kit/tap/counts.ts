import type { Reply, Request } from './protocol-session.ts';
import type { TapCounts } from './tap.ts';

/** The figures of one tap that are not depths: bytes, rows, errors, backlog. */
export class Counts {
  bytesSent = 0;
  bytesReceived = 0;
  rows = 0;
  errors = 0;
  connections = 0;
  refusedConnections = 0;
  #backlog = { commands: 0, bytes: 0 };
  #largest = { commands: 0, bytes: 0 };

  sent(request: Request): void {
    this.bytesSent += request.bytes;
    if (request.silent) return;
    this.#backlog.commands += 1;
    this.#backlog.bytes += request.bytes;
    this.#largest.commands = Math.max(this.#largest.commands, this.#backlog.commands);
    this.#largest.bytes = Math.max(this.#largest.bytes, this.#backlog.bytes);
  }

  received(request: Request, reply: Reply): void {
    this.dropped(request);
    this.bytesReceived += reply.bytes;
    if (reply.error !== undefined) this.errors += 1;
  }

  /** The request will have no reply: its connection closed. */
  dropped(request: Request): void {
    this.#backlog.commands -= 1;
    this.#backlog.bytes -= request.bytes;
  }

  /** The figures as they stand. */
  snapshot(depths: Pick<TapCounts, 'commands' | 'trips' | 'rowsBeforeWrite'>): TapCounts {
    const { bytesSent, bytesReceived, rows, errors, connections, refusedConnections } = this;
    const largestBacklog = { ...this.#largest };
    return {
      ...depths,
      bytesSent,
      bytesReceived,
      rows,
      errors,
      connections,
      refusedConnections,
      largestBacklog,
    };
  }
}
