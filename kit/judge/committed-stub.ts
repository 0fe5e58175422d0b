import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { studentsEdition } from '../base/edition.ts';
import { rootFolder } from '../base/root.ts';
import { writeWhole } from '../base/write-whole.ts';
import type { Submission } from './submission.ts';

/**
 * The stub of a lab as committed, never the file as edited, in a folder of its own. A students' edition
 * keeps its stubs in `stubs/`, as its `labs/` are edited and committed. Outside a git checkout of the whole kit the file
 * itself is all there is.
 */
export async function committedStub(lab: string): Promise<Submission> {
  const root = rootFolder();
  if (studentsEdition()) return { name: 'labs', path: join(root, 'stubs') };
  const shown = await promisify(execFile)('git', ['show', `HEAD:labs/${lab}.ts`], { cwd: root }).catch(
    () => undefined,
  );
  if (!shown) return { name: 'labs', path: join(root, 'labs') };
  const path = join(root, '.lab', 'stubs');
  await mkdir(path, { recursive: true });
  await writeWhole(join(path, `${lab}.ts`), shown.stdout);
  return { name: 'labs', path };
}
