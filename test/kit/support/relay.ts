import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

/** A port on loopback in front of a Unix socket. */
export async function startRelay(path: string): Promise<{ port: number; close(): void }> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = createConnection(path);
    for (const socket of [client, upstream]) open.add(socket.setNoDelay?.(true) ?? socket);
    pipeline(client, upstream, () => {});
    pipeline(upstream, client, () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
