import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { isAlive } from '../../base/is-alive.ts';
import { rootFolder } from '../../base/root.ts';
import { freshFolder } from './base-tree.ts';
import { removeTree } from './remove-tree.ts';
import { copySettings } from './settings.ts';

/** Where the clone lies, inside. */
export const CLONE = '/srv/storelab';

/**
 * A copy of the base tree with a clone of this checkout's last commit in it. Copies that a killed run left are removed
 * first.
 *
 * @returns its folder; remove it with `removeTree()`
 */
export async function runTree(
  base: string,
  name: string,
  { signal }: { signal: AbortSignal },
): Promise<string> {
  for (const old of readdirSync(freshFolder())) {
    const owner = /^run-(\d+)-/.exec(old)?.[1];
    if (owner && !isAlive(Number(owner))) await removeTree(join(freshFolder(), old));
  }
  const tree = join(freshFolder(), `run-${process.pid}-${name}`);
  try {
    await execa('cp', ['-a', '--reflink=auto', base, tree], { cancelSignal: signal });
    copySettings(tree);
    const words = ['clone', '--quiet', '--no-hardlinks', rootFolder(), join(tree, CLONE)];
    await execa('git', words, { cancelSignal: signal });
    return tree;
  } catch (error) {
    if (existsSync(tree)) await removeTree(tree);
    throw error;
  }
}

/** What is changed here and not committed, which a clone does not hold: one line, or undefined. */
export async function uncommitted(): Promise<string | undefined> {
  const { stdout } = await execa('git', ['status', '--porcelain'], { cwd: rootFolder() });
  const files = stdout.split('\n').filter(Boolean);
  return files.length > 0
    ? `${files.length} changed files are not committed, so not in the clone`
    : undefined;
}
