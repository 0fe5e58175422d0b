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

/**
 * Starts a server on the port chosen. Where another program took that port in between and nobody asked for it, the
 * next free one serves: at most three more.
 *
 * @throws what `start` throws: SetupFailed `port-taken` where a port was asked for.
 * @example await startOnFreePort(undefined, { first: 8888, start: (port) => startJupyter(root, { port, ... }) })
 */
export async function startOnFreePort<T>(
  asked: number | undefined,
  { first, start }: { first: number; start(port: number): Promise<T> },
): Promise<T> {
  let port = first;
  for (let left = 3; ; left--) {
    try {
      return await start(port);
    } catch (error) {
      const taken = error instanceof SetupFailed && error.code === 'port-taken';
      if (!taken || asked !== undefined || left === 0) throw error;
      port++;
      while (port < 65535 && !(await portIsFree(port))) port++;
    }
  }
}
