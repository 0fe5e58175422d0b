import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** A checkout of its own in which a test edits files: the kernel, and what the test writes. */
export interface KernelFolder {
  root: string;
  /** Writes a file as an editor does: in place, or through a temporary file that is renamed. */
  write(path: string, text: string, how?: 'in place' | 'renamed'): Promise<void>;
  remove(): Promise<void>;
}

export async function kernelFolder(files: Record<string, string> = {}): Promise<KernelFolder> {
  const root = await mkdtemp(join(tmpdir(), 'storelab-checkout-'));
  for (const path of ['kit/kernel', 'src/catalog.ts', 'kit/base', '.jupyter', 'package.json']) {
    await cp(resolve(path), join(root, path), { recursive: true });
  }
  await symlink(resolve('node_modules'), join(root, 'node_modules'));
  const folder: KernelFolder = {
    root,
    async write(path, text, how = 'in place') {
      const file = join(root, path);
      await mkdir(dirname(file), { recursive: true });
      if (how === 'in place') return writeFile(file, text);
      await writeFile(`${file}.tmp`, text);
      await rename(`${file}.tmp`, file);
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
  for (const [path, text] of Object.entries(files)) await folder.write(path, text);
  return folder;
}
