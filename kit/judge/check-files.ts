import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '../base/root.ts';

/** The files that define a lab's checks: its own and, where the course has one, the hidden ones. */
export function checkFiles(lab: string): string[] {
  return [`test/${lab}.test.ts`, `test/hidden/${lab}.test.ts`]
    .map((name) => join(rootFolder(), name))
    .filter((path) => existsSync(path));
}

/** The same for several labs, by id. */
export const checkFilesOf = (labs: readonly string[]): Record<string, string[]> =>
  Object.fromEntries(labs.map((lab) => [lab, checkFiles(lab)]));
