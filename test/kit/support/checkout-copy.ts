import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { rootFolder } from '../../../kit/base/root.ts';

const parts = [
  'src',
  'apps',
  'kit',
  'test',
  'labs',
  'answers',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** A checkout of its own, so that the progress of whoever runs the tests stays untouched. */
export interface CheckoutCopy {
  folder: string;
  /** Runs `./lab ARGS` in it, on servers of this machine. */
  lab(
    args: string[],
    env?: Record<string, string>,
  ): Promise<{ exitCode: number; stdout: string; stderr: string }>;
  remove(): Promise<void>;
}

/**
 * @param also what else the copy holds, from the root: `['notebooks', 'biome.json']`
 * @example const { lab } = await copyCheckout(); (await lab(['hint', '01'])).stdout
 */
export async function copyCheckout(also: readonly string[] = []): Promise<CheckoutCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'storelab-cli-'));
  for (const part of [...parts, ...also])
    await cp(join(rootFolder(), part), join(folder, part), { recursive: true });
  await symlink(join(rootFolder(), 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    remove: () => rm(folder, { recursive: true, force: true }),
    async lab(args, env = {}) {
      const { exitCode, stdout, stderr, signal, originalMessage } = await execa(
        process.execPath,
        ['kit/cli.ts', ...args],
        {
          cwd: folder,
          env: { LAB_SERVERS: 'local', STORELAB_ROOT: folder, NO_COLOR: '1', ...env },
          reject: false,
        },
      );
      if (exitCode === undefined) throw new Error(`ended by ${signal}: ${originalMessage} ${stderr}`);
      return { exitCode, stdout, stderr };
    },
  };
}
