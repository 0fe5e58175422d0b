import type { Depth } from './meter.ts';

/** A request on one connection, from its arrival to its reply. */
export interface Request {
  /** Given by the connection; 0 until then. */
  id: number;
  name: string;
  text: string;
  bytes: number;
  /** Setting the connection up: not counted. */
  setup: boolean;
  /** May rightly stay without a reply: a blocking read, a subscription. */
  blocking: boolean;
  /** The server never answers it (COM_STMT_CLOSE). */
  silent: boolean;
  depth: Depth | undefined;
  /** `Meter.now()` at its arrival. */
  at: number;
}

export interface Reply {
  text: string;
  bytes: number;
  rows: number;
  error: string | undefined;
}

/** A request, and where it ended in its chunk. */
export interface Sent {
  request: Request;
  end: number;
}

/** A reply to a request, or what the server sent of its own accord. */
export type Received =
  | { request: Request; reply: Reply }
  | { name: string; push: { text: string; bytes: number } };

/**
 * One connection's protocol: parses a copy of what crosses, and matches replies to requests. Who leaves one of its loops
 * early leaves the rest of the chunk unread: nothing more may be read then.
 */
export interface Session {
  /**
   * The requests that end in the next chunk from the client.
   *
   * @throws Refused
   */
  requests(chunk: Uint8Array): Iterable<Sent>;
  /**
   * The replies and pushes that end in the next chunk from the server.
   *
   * @throws Refused
   */
  replies(chunk: Uint8Array): Iterable<Received>;
  /** The connection is not ready for commands yet. */
  readonly settingUp: boolean;
  /** The server owes a reply, of which nothing came yet, to a command that does not block. */
  readonly awaitsServer: boolean;
  /** Requests without a whole reply. */
  pending(): Iterable<Request>;
  /** Rows that the chunk at hand completed; reading it sets it to 0. */
  takeRows(): number;
  /** An error in the protocol's own form, to be sent before the connection is closed. */
  error(message: string): Uint8Array;
}

/** A request as a session makes it. */
export function newRequest(
  name: string,
  given: { text: string; bytes: number; setup?: boolean; blocking?: boolean; silent?: boolean },
): Request {
  return {
    id: 0,
    name,
    text: given.text,
    bytes: given.bytes,
    setup: given.setup ?? false,
    blocking: given.blocking ?? false,
    silent: given.silent ?? false,
    depth: undefined,
    at: 0,
  };
}
