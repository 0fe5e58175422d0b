import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { FromLab, Order, ToLab } from './lab-messages.ts';

/** A run that was told to stop ends with the checks that are under way; after this long, ms, it is ended. */
const STOP_MS = 60_000;

export interface LabRun {
  /** Makes the run leave off where it has not ended; resolves once its process is gone. */
  stop(): Promise<void>;
}

/**
 * Proves a lab once in a process of its own, on the servers of this one.
 *
 * @param onMessage told what the process tells, and a `fault` where it ends before it has proved everything.
 */
export function startLabRun(order: Order, onMessage: (message: FromLab) => void): LabRun {
  // In a process group of its own: Ctrl-C is for the watch, which then stops the run.
  const child = fork(new URL('./lab-process.ts', import.meta.url), {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let over = false;
  child.on('message', (message: FromLab) => {
    if (over) return;
    over = 'proved' in message || 'fault' in message;
    onMessage(message);
  });
  child.on('error', ({ message }) => onMessage({ fault: message }));
  const gone = once(child, 'close').then(([code, signal]) => {
    if (over) return;
    over = true;
    onMessage({ fault: `The process of the proof ended with ${signal ?? `code ${code}`}.` });
  });
  const tell = (message: ToLab) => child.connected && child.send(message, () => {});
  tell({ order });
  return {
    async stop() {
      over = true;
      tell({ stop: true });
      const timer = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), STOP_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}
