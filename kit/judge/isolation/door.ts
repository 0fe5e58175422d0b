import { chmodSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

/** A socket at which one visitor is let in, and nobody after that. */
export interface Door {
  /** The visitor; it never settles where nobody comes. */
  visitor: Promise<Socket>;
  close(): void;
}

/**
 * Listens at `path`, whose folder only this user may enter: whoever has the socket put before him may knock, of any user.
 *
 * @throws Error where it cannot listen there
 * @example const { visitor } = await openDoor('/tmp/storelab-doors-4711-x7Yq2A/c1')
 */
export async function openDoor(path: string): Promise<Door> {
  const server = createServer();
  const visitor = new Promise<Socket>((resolve) => {
    server.once('connection', (socket) => {
      socket.on('error', () => {}); // the runner's own end says it
      server.close();
      resolve(socket);
    });
  });
  server.maxConnections = 1;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o666);
  return { visitor, close: () => void server.close() };
}
