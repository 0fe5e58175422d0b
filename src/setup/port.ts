import { createServer } from 'node:net';
import { SetupFailed } from './failure.ts';

/** Whether nothing listens on a port of the loopback interface. */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * The port for JupyterLab: the one asked for, or else 8888 or the next that is free.
 *
 * @throws SetupFailed `port-taken` where the port asked for is taken; it names the next free one.
 * @example await choosePort(undefined) // { port: 8889, passedOver: 8888 }
 */
export async function choosePort(asked: number | undefined): Promise<{ port: number; passedOver?: number }> {
  const first = asked ?? 8888;
  if (!Number.isInteger(first) || first < 1 || first > 65535) {
    throw new SetupFailed(
      'failed',
      'A port is a number from 1 to 65535, for example: npm start -- --port 8890',
    );
  }
  if (await portIsFree(first)) return { port: first };
  let port = first + 1;
  while (port <= 65535 && !(await portIsFree(port))) port++;
  if (asked !== undefined) {
    throw new SetupFailed(
      'port-taken',
      `Port ${asked} is taken by another program. A free one: npm start -- --port ${port}`,
    );
  }
  return { port, passedOver: first };
}
