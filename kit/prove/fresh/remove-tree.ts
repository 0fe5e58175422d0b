import { execa } from 'execa';

/** Removes a system's folder, and nothing that is mounted in it. */
export async function removeTree(folder: string): Promise<void> {
  await execa('rm', ['-rf', '--one-file-system', folder]);
}
