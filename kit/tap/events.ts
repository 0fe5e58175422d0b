import type { Reply, Request } from './protocol-session.ts';
import type { TapEvent, TapServer } from './tap.ts';

/** Where something happened. */
export interface Place {
  server: TapServer;
  connection: number;
  /** Milliseconds since the reset. */
  at: number;
}

export function requestEvent({ server, connection, at }: Place, request: Request): TapEvent {
  const { id, name, text, bytes, setup } = request;
  const depth = request.depth?.all ?? 0;
  return { kind: 'request', id, server, connection, direction: 'sent', at, name, text, bytes, depth, setup };
}

export function replyEvent(
  { server, connection, at }: Place,
  given: { request: Request; reply: Reply },
): TapEvent {
  const { id, name, setup } = given.request;
  const { text, bytes, rows, error } = given.reply;
  const depth = given.request.depth?.all ?? 0;
  const direction = 'received';
  const event: TapEvent = {
    kind: 'reply',
    id,
    server,
    connection,
    direction,
    at,
    name,
    text,
    bytes,
    depth,
    setup,
  };
  if (rows > 0) event.rows = rows;
  if (error !== undefined) event.error = error;
  return event;
}

export function pushEvent(
  { server, connection, at }: Place,
  { id, name, text, bytes }: { id: number; name: string; text: string; bytes: number },
): TapEvent {
  const direction = 'received';
  return { kind: 'push', id, server, connection, direction, at, name, text, bytes, depth: 0, setup: false };
}
