import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';

/**
 * Has a process on every processor compute without end.
 *
 * @returns what ends them, and waits until they are gone.
 */
export function startHogs(count = availableParallelism()): () => Promise<void> {
  const hogs = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  return async () => {
    await Promise.all(hogs.map(end));
  };
}

async function end(hog: ChildProcess): Promise<void> {
  if (hog.exitCode !== null || hog.signalCode !== null) return;
  const gone = once(hog, 'exit');
  hog.kill('SIGKILL');
  await gone;
}
