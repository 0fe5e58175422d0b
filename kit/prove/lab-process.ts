/**
 * The process in which a watch proves a lab once. It is a new one each time, so that nothing of what was saved is
 * remembered: the catalogue, solutions, stubs. It ends with the watch, or when that tells it to leave off.
 */
import { attachServers } from '../servers/attach.ts';
import type { FromLab, Order, ToLab } from './lab-messages.ts';
import { proveLab } from './prove-lab.ts';

const leavingOff = new AbortController();
process.on('disconnect', () => leavingOff.abort());
process.on('message', (message: ToLab) => {
  if ('stop' in message) leavingOff.abort();
  else void prove(message.order);
});

const tell = (message: FromLab) =>
  new Promise<void>((resolve) => {
    if (process.connected) process.send!(message, () => resolve());
    else resolve();
  });

async function prove({ id, ...order }: Order): Promise<void> {
  const servers = await attachServers(order.servers);
  const { signal } = leavingOff;
  const onSeen = (name: string, seen: Extract<FromLab, { name: string }>['seen']) =>
    void tell({ name, seen });
  try {
    for await (const claim of proveLab(id, { ...order, servers, onSeen, signal })) await tell({ claim });
    if (!signal.aborted) await tell({ proved: true });
  } catch (error) {
    const { message, stack } = error as Error;
    await tell({ fault: process.env.STORELAB_DEBUG ? String(stack) : message });
  } finally {
    await servers.close();
  }
  process.exit();
}
