import { once } from 'node:events';
import type { FromWorker, ToJudging, ToWorker } from './messages.ts';

/** Whose turn it is, as a worker sees it. Once the run is gone nothing here waits any longer. */
export interface OwnTurn {
  /** Between two checks: waits while another worker judges alone. */
  comes(): Promise<void>;
  /** Does `work` while no other worker of the run judges. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** Hears what the run tells this process about turns. `say` tells the run something. */
export function ownTurn(say: (message: FromWorker) => void): OwnTurn {
  const gone = once(process, 'disconnect');
  const waiting = new Map<ToJudging['type'], () => void>();
  let paused = false;
  process.on('message', ({ type }: ToWorker) => {
    if (type === 'pause') paused = true;
    if (type === 'alone' || type === 'go on') waiting.get(type)?.();
  });

  /** Says this, and waits until it is told that. */
  async function ask(type: 'paused' | 'ask to be alone', answer: 'go on' | 'alone'): Promise<void> {
    if (!process.connected) return;
    const told = new Promise<void>((resolve) => waiting.set(answer, resolve));
    say({ type });
    await Promise.race([told, gone]);
  }

  return {
    async comes() {
      if (!paused) return;
      paused = false;
      await ask('paused', 'go on');
    },
    async alone(work) {
      await ask('ask to be alone', 'alone');
      try {
        return await work();
      } finally {
        say({ type: 'no longer alone' });
      }
    },
  };
}
