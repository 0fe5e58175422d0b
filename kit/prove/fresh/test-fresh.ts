import pc from 'picocolors';
import { listenForStop } from '../../setup/signals.ts';
import { part } from '../section.ts';
import { isFreshPart, proveFresh } from './prove-fresh.ts';

/** README's commands on a machine that has nothing. Ctrl-C ends that machine and removes it. */
export async function testFresh(command: string | true): Promise<void> {
  const parts = [command === true ? ['start', 'test'] : command].flat();
  if (!parts.every(isFreshPart))
    throw new Error(`--fresh takes start or test, or nothing for both; not ${command}.`);
  const { signal, release } = listenForStop({ onAgain: () => process.exit(130) });
  try {
    const { failed } = await part('a bare Debian', () =>
      proveFresh({ parts, signal, say: (text) => console.log(pc.dim(`  ${text}`)) }),
    );
    process.exitCode = failed.length > 0 ? 1 : 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    console.error('Stopped. Its processes and folder are gone.');
    process.exitCode = 130;
  } finally {
    release();
  }
}
