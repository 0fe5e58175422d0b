import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import type { MysqlAddress } from '../../../kit/servers/address.ts';

/** A door between a client and MySQL that a test can shut: to the client, MySQL is down then. */
export interface Gate {
  address: MysqlAddress;
  /** Cuts every connection, and lets none in. */
  shut(): void;
  open(): void;
  /** Called with what clients send, before it goes on. Return true to cut that connection instead. */
  onRequest?: ((bytes: Buffer) => boolean) | undefined;
  close(): void;
}

export async function startGate(behind: MysqlAddress): Promise<Gate> {
  let isOpen = true;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (!isOpen) return client.destroy();
    const { socketPath, host = '127.0.0.1', port = 3306 } = behind;
    const upstream = socketPath ? createConnection(socketPath) : createConnection(port, host);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    client.on('data', (bytes: Buffer) => {
      if (gate.onRequest?.(bytes)) {
        // The server still gets it; the client never hears of it.
        upstream.end(bytes);
        client.destroy();
      } else upstream.write(bytes);
    });
    upstream.pipe(client);
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { socketPath: _, ...rest } = behind;
  const gate: Gate = {
    address: { ...rest, host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    shut() {
      isOpen = false;
      for (const socket of sockets) socket.destroy();
    },
    open() {
      isOpen = true;
    },
    close() {
      gate.shut();
      server.close();
    },
  };
  return gate;
}
