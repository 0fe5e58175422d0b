import { cp, mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootFolder } from '../../../kit/base/root.ts';

/** A project of its own to start, edit and throw away, so that the learner's file in the checkout stays as it is. */
export interface ProjectCopy {
  root: string;
  /** The folder for everything temporary that is started there. */
  temporary: string;
  remove(): Promise<void>;
}

const copied = [
  'lab',
  'src',
  'apps',
  'kit',
  'test',
  'answers',
  'labs',
  'notebooks',
  '.jupyter',
  'redis',
].concat(['package.json', 'package-lock.json', 'tsconfig.json', 'vitest.config.ts', 'requirements.txt']);

/** Copies what a learner works with; what is installed is linked. */
export async function copyProject(): Promise<ProjectCopy> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'storelab-long-')));
  for (const part of copied) await cp(join(rootFolder(), part), join(root, part), { recursive: true });
  for (const part of ['node_modules', '.venv']) await symlink(join(rootFolder(), part), join(root, part));
  const temporary = join(root, 'tmp');
  await mkdir(temporary);
  return { root, temporary, remove: () => rm(root, { recursive: true, force: true }) };
}
