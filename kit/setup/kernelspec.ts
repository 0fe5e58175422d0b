import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../base/root.ts';

/**
 * Writes the kernelspec into `folder`, with absolute paths, for front ends that do not look into `.jupyter`:
 * VS Code looks into `<venv>/share/jupyter/kernels`.
 *
 * @returns the folder written, which is named like the kernel. What was there is replaced.
 * @example await writeKernelspec('/home/ada/storelab/.venv/share/jupyter/kernels') // '.../kernels/storelab'
 */
export async function writeKernelspec(
  folder: string,
  { node = process.execPath, root = rootFolder() } = {},
): Promise<string> {
  const source = join(root, '.jupyter', 'kernels', 'storelab');
  const target = join(folder, 'storelab');
  const draft = join(folder, `.storelab-${process.pid}`);
  const spec = JSON.parse(await readFile(join(source, 'kernel.json'), 'utf8'));
  spec.argv = [
    node,
    '--no-force-async-hooks-checks',
    join(root, 'kit', 'kernel', 'main.ts'),
    '{connection_file}',
  ];
  spec.env = { ...spec.env, STORELAB_ROOT: root };
  await mkdir(folder, { recursive: true });
  await cp(source, draft, { recursive: true });
  await writeFile(join(draft, 'kernel.json'), `${JSON.stringify(spec, null, 2)}\n`);
  await rm(target, { recursive: true, force: true });
  await rename(draft, target);
  return target;
}
