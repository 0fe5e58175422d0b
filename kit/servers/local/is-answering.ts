import { createConnection } from 'node:net';

/** Whether somebody listens at a Unix socket. */
export function isAnswering(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}
