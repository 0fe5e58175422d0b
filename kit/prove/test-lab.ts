import pc from 'picocolors';
import { findLab } from '../../src/catalog.ts';
import { serversSentence } from '../judge/run-checks.ts';
import { openServers } from '../servers/open-servers.ts';
import { prepare } from '../setup/prepare.ts';
import { listenForStop } from '../setup/signals.ts';
import type { Claim } from './claim.ts';
import { claimLine } from './claim-line.ts';
import { proveLab } from './prove-lab.ts';
import { tallyOf } from './section.ts';
import type { WrongMode } from './subjects.ts';

export interface TestLabOptions {
  checksOnly: boolean;
  /** False leaves the notebook out. */
  notebook: boolean;
  wrong: WrongMode;
  seed: number;
  /** Prove the lab again at each save of one of its files, until Ctrl-C. */
  watch: boolean;
  /** Install system packages without asking. */
  yes: boolean;
}

/**
 * `./lab test 07`: proves one lab and prints each claim as soon as it is known. The exit code is 0 where all hold, and
 * 130 after Ctrl-C; Ctrl-C is also how a watch ends, with 0 where all held in its last run.
 *
 * @param name a lab's number or id.
 */
export async function testLab(name: string, options: TestLabOptions): Promise<void> {
  const { id, title } = findLab(name);
  const { seed, wrong, checksOnly } = options;
  const withNotebook = options.notebook && !checksOnly;
  const { jupyter } = await prepare({ jupyter: withNotebook, ...(options.yes ? { yes: true } : {}) });
  const stop = listenForStop({ onAgain: () => process.exit(130) });
  const dim = (sentence: string) => console.log(pc.dim(`  ${sentence}`));
  const servers = await openServers({ onStep: dim });
  try {
    console.log(`\n${pc.bold(`Lab ${id.slice(0, 2)}: ${title}`)}`);
    dim(`${serversSentence(servers)}, seed ${seed}`);
    const order = { seed, wrong, checksOnly, jupyter };
    if (options.watch) {
      const { watchLab } = await import('./watch-lab.ts');
      const held = await watchLab(id, { ...order, servers, signal: stop.signal });
      process.exitCode = held ? 0 : 1;
      return;
    }
    const claims: Claim[] = [];
    for await (const claim of proveLab(id, { ...order, servers, signal: stop.signal })) {
      claims.push(claim);
      console.log(claimLine(claim));
    }
    const { passed, failed } = tallyOf(claims);
    console.log(
      `\n${passed} passed, ${failed.length} failed${stop.signal.aborted ? '; stopped before the end' : ''}`,
    );
    process.exitCode = stop.signal.aborted ? 130 : failed.length > 0 || passed === 0 ? 1 : 0;
  } finally {
    await servers.close();
    stop.release();
  }
}
