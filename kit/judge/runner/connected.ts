import { Redis } from 'ioredis';

/** Every client of this process that has begun to connect and was not ended. */
const clients = new Set<Redis>();

/** Remembers from now on which Redis clients there are, whoever makes them. */
export function rememberClients(): void {
  const connect = Redis.prototype.connect;
  Redis.prototype.connect = function remembered(...args) {
    clients.add(this);
    return connect.apply(this, args);
  };
}

/** A client in one of these states is on its way to a connection. */
const onTheirWay = new Set(['connecting', 'connect', 'reconnecting', 'close']);
/** A connection that ended is told to its client some turns of the event loop later. */
const TURNS = 3;

/**
 * Resolves once each Redis client of this process that was cut off is connected again, and subscribed to what it was
 * subscribed to; one that gave up for good is not waited for.
 */
export async function connected(): Promise<void> {
  for (;;) {
    for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
    for (const client of clients) if (isOver(client)) clients.delete(client);
    const waiting = [...clients].filter(({ status }) => onTheirWay.has(status));
    const subscribing = [...clients].filter(subscribesAgain);
    if (waiting.length === 0 && subscribing.length === 0) return;
    await Promise.all(waiting.map(nextState));
    if (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** One that is disconnected while it waits to connect again keeps the state `reconnecting` for ever. */
const isOver = (client: Redis): boolean =>
  client.status === 'end' || (client as unknown as { manuallyClosing?: boolean }).manuallyClosing === true;

/** Whether it has sent SUBSCRIBE and has no answer yet: ioredis does so by itself where it was subscribed before. */
function subscribesAgain(client: Redis): boolean {
  const { commandQueue } = client as unknown as {
    commandQueue: { length: number; get(index: number): { command: { name: string } } | undefined };
  };
  for (let i = 0; i < commandQueue.length; i++)
    if (commandQueue.get(i)?.command.name.endsWith('subscribe')) return true;
  return false;
}

function nextState(client: Redis): Promise<void> {
  return new Promise((resolve) => {
    const events = ['ready', 'close', 'end'] as const;
    const heard = () => {
      for (const event of events) client.off(event, heard);
      resolve();
    };
    for (const event of events) client.on(event, heard);
  });
}
