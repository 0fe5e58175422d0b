import { chmodSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

/** A listener that takes one connection, and none after that. */
export interface SingleListener {
  /** The connection; it never settles where nobody connects. */
  connection: Promise<Socket>;
  close(): void;
}

/**
 * Listens at `path`, whose folder only this user may enter: a process of any user may connect, once the socket is mounted
 * where it can see it.
 *
 * @throws Error where it cannot listen there
 * @example const { connection } = await listenOnce('/tmp/storelab-listen-4711-x7Yq2A/c1')
 */
export async function listenOnce(path: string): Promise<SingleListener> {
  const server = createServer();
  const connection = new Promise<Socket>((resolve) => {
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
  return { connection, close: () => void server.close() };
}
