import { rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { ownFolder } from '../../base/own-folder.ts';
import { type FromWorker, messageReader, type Task, type ToWorker } from './messages.ts';

/** A queue of submissions on a Unix socket: whichever worker is free takes the next one. */
export interface HandOut {
  /** Where workers connect. */
  path: string;
  /** Hands out nothing more and hears nothing more: each worker ends after the check that it is at. */
  close(): Promise<void>;
}

/** Opens the queue over `tasks`, which are taken one by one, when a worker asks. */
export async function handOut(tasks: Iterable<Task>, heard: (message: FromWorker) => void): Promise<HandOut> {
  const left = tasks[Symbol.iterator]();
  const folder = ownFolder('queue');
  const path = join(folder, 'queue.sock');
  const open = new Set<Socket>();

  function serve(socket: Socket): void {
    open.add(socket);
    const say = (message: ToWorker) => socket.write(`${JSON.stringify(message)}\n`);
    const read = messageReader<FromWorker>((message) => {
      heard(message);
      if (message.type !== 'next') return;
      const next = left.next();
      say(next.done ? { type: 'end' } : { type: 'task', task: next.value });
    });
    socket.setEncoding('utf8').on('data', read);
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => open.delete(socket));
  }

  const server = createServer(serve);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve);
  });
  return {
    path,
    async close() {
      if (!server.listening) return;
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
