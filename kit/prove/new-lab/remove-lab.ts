import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { rootFolder } from '../../base/root.ts';
import { writeWhole } from '../../base/write-whole.ts';
import { keptFiles } from '../lab-files.ts';
import { withoutEntry, withoutRow } from './course-lists.ts';

/**
 * Takes a lab that was never committed out of the checkout: its files go to a folder below `.lab/removed`, its entry and
 * its row are deleted.
 *
 * @returns that folder, from the root folder.
 * @throws Error where git holds a file of it, or there is none; then nothing has changed.
 */
export async function removeLab(id: string): Promise<string> {
  const root = rootFolder();
  const own = [
    `notebooks/${id}.ipynb`,
    `labs/${id}.ts`,
    `test/${id}.test.ts`,
    `test/hidden/${id}.test.ts`,
    `answers/${id}.md`,
    `src/contracts/${id.slice(3)}.ts`,
  ];
  const files = [...own.filter((path) => existsSync(join(root, path))), ...keptFiles(id)];
  if (!/^\d\d-[a-z0-9-]+$/.test(id) || files.length === 0)
    throw new Error(`There are no files of a lab "${id}". Give its whole id: ./lab new --remove 99-ping`);
  const { stdout, failed } = await execa('git', ['ls-files', '--', ...files], { cwd: root, reject: false });
  if (failed) throw new Error(`${root} is no git checkout: delete the files of ${id} by hand.`);
  if (stdout) {
    const [first] = stdout.split('\n');
    throw new Error(
      `Git holds ${first}: --remove takes away only what was never added. See: git rm --help, and take the entry out of src/catalog.ts.`,
    );
  }
  const place = `.lab/removed/${id}-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const path of files) {
    await mkdir(dirname(join(root, place, path)), { recursive: true });
    await rename(join(root, path), join(root, place, path));
  }
  // Their folders are empty now; one that holds more stays.
  for (const kind of ['wrong', 'right']) await rmdir(join(root, 'test', kind, id)).catch(() => undefined);
  await edit('src/catalog.ts', (text) => withoutEntry(text, id));
  await edit('README.md', (text) => withoutRow(text, id));
  return place;
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const file = join(rootFolder(), path);
  await writeWhole(file, change(await readFile(file, 'utf8')));
}
