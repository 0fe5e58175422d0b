import fc from 'fast-check';
import type { Received, Request, Session } from '../../../kit/tap/protocol-session.ts';

/** A Redis request as bytes. */
export function resp(...args: (string | Uint8Array)[]): Buffer {
  const parts = args.flatMap((arg) => [`$${Buffer.byteLength(arg)}\r\n`, arg, '\r\n']);
  return Buffer.concat([`*${args.length}\r\n`, ...parts].map((part) => Buffer.from(part as string)));
}

/** MySQL packets with this payload, split at 16 MB as the protocol wants it. */
export function packet(payload: Uint8Array, sequence = 0): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; at += 0xffffff) {
    const piece = payload.subarray(at, at + 0xffffff);
    const header = Buffer.alloc(4);
    header.writeUIntLE(piece.length, 0, 3);
    header[3] = sequence++ & 0xff;
    parts.push(header, Buffer.from(piece));
    if (piece.length < 0xffffff) return Buffer.concat(parts);
  }
}

/** The chunks that a stream falls into when it is cut after each of these sizes in turn. */
export function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

/** Chunk sizes: 1, odd, large. */
export const sizes = fc.array(
  fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5000 })),
  {
    minLength: 1,
    maxLength: 8,
  },
);

/** One line for everything that a session finds. */
class Recorder {
  lines: string[] = [];
  #ids = new Map<Request, number>();

  sent(request: Request): void {
    this.#ids.set(request, this.#ids.size + 1);
    const flags = [request.setup && 'setup', request.blocking && 'blocking', request.silent && 'silent'];
    this.lines.push(['>', request.name, request.text, request.bytes, ...flags].filter(Boolean).join(' '));
  }

  received(received: Received): void {
    if ('push' in received) {
      const { text, bytes } = received.push;
      this.lines.push(`! ${received.name} ${text} ${bytes}`);
      return;
    }
    const { request, reply } = received;
    const { text, bytes, rows, error } = reply;
    this.lines.push(
      `< ${this.#ids.get(request)} ${request.name} ${bytes} rows=${rows} ${error ? `error=${error}` : text}`,
    );
  }
}

/** Reads a chunk to its end, whatever is in it. */
export function read(session: Session, side: 'client' | 'server', chunk: Uint8Array): void {
  for (const _ of side === 'client' ? session.requests(chunk) : session.replies(chunk));
}

/** What crossed, in the order in which it did. */
export type Script = readonly (readonly ['client' | 'server', Uint8Array])[];

/** What a session finds in a script whose parts are cut into chunks of these sizes. */
export function report(open: () => Session, script: Script, chunkSizes: readonly number[]): string[] {
  const recorder = new Recorder();
  const session = open();
  let rows = 0;
  for (const [side, bytes] of script) {
    for (const chunk of cut(bytes, chunkSizes)) {
      if (side === 'client') for (const { request } of session.requests(chunk)) recorder.sent(request);
      else for (const received of session.replies(chunk)) recorder.received(received);
      rows += session.takeRows();
    }
  }
  return [...recorder.lines, `rows ${rows}`, `open ${[...session.pending()].length}`];
}
