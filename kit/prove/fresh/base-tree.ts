import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { findProgram } from '../../servers/local/binaries.ts';
import { planApt, runApt } from '../../setup/apt.ts';
import { type BareMachine, startBareMachine } from './bare-machine.ts';
import { removeTree } from './remove-tree.ts';
import { copySettings, debianMirror, freshEnv, writeSources } from './settings.ts';

/** The oldest release of Debian whose own Node is one that README asks for (20). */
const SUITE = 'trixie';
/** What README asks for, and no more. */
const PACKAGES = ['nodejs', 'npm', 'git', 'python3'];
/** So that a second build with other packages takes no tree of the first. */
const key = createHash('sha256')
  .update([SUITE, ...PACKAGES].join(' '))
  .digest('hex')
  .slice(0, 8);

/** Where trees of bare machines lie between runs: `STORELAB_FRESH_CACHE`, default `/var/tmp/storelab-fresh`. */
export const freshFolder = (): string => process.env.STORELAB_FRESH_CACHE || '/var/tmp/storelab-fresh';

/**
 * The folder with a bare Debian: the packages that every Debian must have (debootstrap's `minbase`), Node.js, npm, Git and
 * Python. Made the first time, some minutes, and kept; remove the folder to have it made anew.
 *
 * @throws where this account is not root, or this is no Debian or Ubuntu
 */
export async function baseTree({
  signal,
  tell,
}: {
  signal: AbortSignal;
  tell(text: string): void;
}): Promise<string> {
  const tree = join(freshFolder(), `${SUITE}-${key}`);
  if (existsSync(tree)) return tree;
  const mirror = debianMirror();
  if (!mirror)
    throw new Error(
      "./lab test --fresh makes a bare Debian from this machine's own mirror, and apt names none here: run it on a Debian.",
    );
  if (!findProgram(['debootstrap']))
    await runApt(await planApt(['debootstrap'], 'makes the bare Debian'), { signal, tell });
  const half = `${tree}.${process.pid}`;
  mkdirSync(freshFolder(), { recursive: true, mode: 0o755 });
  let machine: BareMachine | undefined;
  try {
    const run = (file: string, args: string[]) =>
      execa(file, args, { all: true, cancelSignal: signal, forceKillAfterDelay: 2000 });
    // Mounts of its own: what debootstrap mounts ends with it.
    const making = run('unshare', [
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'debootstrap',
      '--variant=minbase',
      SUITE,
      half,
      mirror,
    ]);
    for await (const line of making.iterable({ from: 'all' })) tell(String(line).replace(/^I: /, ''));
    writeSources(half, { mirror, suite: SUITE });
    copySettings(half);
    machine = await startBareMachine(half);
    const install = machine.start(
      `apt-get update && apt-get install -y --no-install-recommends ${PACKAGES.join(' ')} && apt-get clean && rm -rf /var/lib/apt/lists/* /tmp/* /var/log/*.log`,
      { env: { ...freshEnv(), DEBIAN_FRONTEND: 'noninteractive' }, onLine: tell },
    );
    signal.addEventListener('abort', () => void machine?.close());
    if ((await install.ended) !== 0)
      throw new Error('apt could not install the packages of the bare Debian.');
    await machine.close();
    renameSync(half, tree); // only a whole one has the name
    return tree;
  } catch (error) {
    await machine?.close();
    await removeTree(half);
    throw error;
  }
}
