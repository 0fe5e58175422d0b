import { Worker } from 'node:worker_threads';

/** What the main thread and its guard share. */
export interface GuardData {
  flags: Int32Array;
  /** The process that started the kernel. */
  parent: number;
}

/** Index of the flag that is 1 from an interrupt until the main thread took notice of it. */
export const INTERRUPTED = 0;
/** Index of the flag that says what the main thread does. */
export const PHASE = 1;
export const IDLE = 0;
export const COMPILING = 1;
export const RUNNING = 2;

export interface Guard {
  /** Tells the guard what the main thread begins to do: a loop is terminated only while a cell runs. */
  enter(phase: Phase): void;
  /** What it was told last. */
  phase(): Phase;
}

export type Phase = typeof IDLE | typeof COMPILING | typeof RUNNING;

/** Starts the guard's thread. `onInterrupt` is called for each SIGINT that found a cell, as soon as the main thread lets go. */
export function startGuard(onInterrupt: () => void): Guard {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  // It loads a compiler first, which is not to be terminated half-way either.
  Atomics.store(flags, PHASE, COMPILING);
  const workerData: GuardData = { flags, parent: process.ppid };
  const worker = new Worker(new URL('./guard-worker.ts', import.meta.url), { workerData });
  worker.unref();
  worker.on('message', (what: 'interrupt' | 'idle') => {
    Atomics.store(flags, INTERRUPTED, 0);
    Atomics.notify(flags, INTERRUPTED);
    if (what === 'interrupt') onInterrupt();
  });
  return {
    enter(phase) {
      Atomics.store(flags, PHASE, phase);
      Atomics.notify(flags, PHASE);
    },
    phase: () => Atomics.load(flags, PHASE) as Phase,
  };
}
