import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '../../../kit/base/root.ts';

/** The parts of the style sheet, in `style/`. Of two rules of equal weight the later part's wins. */
const parts = ['base', 'page', 'panels', 'tables', 'forms', 'focus', 'home', 'charts', 'words'];

/** The style sheet of every page, as one text. */
export function styleSheet(): string {
  const folder = join(rootFolder(), 'apps/store/view/style');
  return parts.map((name) => readFileSync(join(folder, `${name}.css`), 'utf8')).join('\n');
}
