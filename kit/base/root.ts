import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

let found: string | undefined;

/**
 * The repository's root folder, absolute: `STORELAB_ROOT` where the launcher set it, else the first folder from
 * the working folder upwards that holds `src/catalog.ts`. It does without `import.meta`, as notebooks import it
 * as CommonJS.
 *
 * @throws Error where neither leads to a checkout.
 * @example rootFolder() // '/home/ada/storelab'
 */
export function rootFolder(): string {
  if (found) return found;
  const start = process.env.STORELAB_ROOT ?? process.cwd();
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'src', 'catalog.ts'))) {
      found = folder;
      return folder;
    }
    if (dirname(folder) === folder) break;
  }
  throw new Error(`No storelab checkout at or above ${start}: run this from the folder you cloned.`);
}
