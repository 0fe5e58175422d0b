import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** The commit that a release is made from. */
export interface Committed {
  /** In full. */
  commit: string;
  /** Tracked files that differ from it now, and new ones: a release does not see that. */
  changed: string[];
}

/**
 * Looks up a commit of the checkout at `root`.
 *
 * @throws Error where there is no such commit, or no git checkout.
 */
export async function findCommit(root: string, name: string): Promise<Committed> {
  const git = async (...words: string[]) => execa('git', words, { cwd: root, reject: false });
  const { stdout: commit, failed } = await git('rev-parse', '--verify', '--quiet', `${name}^{commit}`);
  if (failed)
    throw new Error(
      `A release is made from a commit, and git finds no commit ${name} in ${root}. Run this in a clone of the kit.`,
    );
  const { stdout } = await git('diff', '--name-only', commit, '--');
  const { stdout: fresh } = await git('ls-files', '--others', '--exclude-standard');
  return { commit, changed: [...stdout.split('\n'), ...fresh.split('\n')].filter(Boolean) };
}

/** Writes the files of a commit into a folder that it makes. */
export async function writeTree(
  root: string,
  { commit, into }: { commit: string; into: string },
): Promise<void> {
  await mkdir(into, { recursive: true });
  // Inside: a git that outlives an interrupted run finds no folder to write to.
  const archive = join(into, '.tar');
  await execa('git', ['archive', '--format=tar', '--output', archive, commit], { cwd: root });
  await execa('tar', ['-xf', archive, '-C', into]);
  await rm(archive);
}
