import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Submission } from '../grade/submission.ts';
import { rootFolder } from '../root.ts';
import { writeWhole } from '../write-whole.ts';

/**
 * The stub of a lab as committed, never the file as edited, in a folder of its own at the depth of `labs/`. Outside
 * a git checkout the file itself is all there is.
 */
export async function committedStub(lab: string): Promise<Submission> {
  const root = rootFolder();
  const shown = await promisify(execFile)('git', ['show', `HEAD:labs/${lab}.ts`], { cwd: root }).catch(
    () => undefined,
  );
  if (!shown) return { name: 'labs', path: join(root, 'labs') };
  const path = join(root, '.lab', 'stubs');
  await mkdir(path, { recursive: true });
  await writeWhole(join(path, `${lab}.ts`), shown.stdout);
  return { name: 'labs', path };
}
