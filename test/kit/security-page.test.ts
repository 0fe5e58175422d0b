// needs: answers
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';

const read = (path: string) => readFileSync(join(rootFolder(), path), 'utf8');
const page = read('docs/security.md');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.endsWith('shown by |'))
  .map((line) => line.split(' | '));
const shownBy = rows.map((cells) => cells.at(-1)!.replace(/ \|$/, ''));

describe('docs/security.md', () => {
  it('names for each line a test that is there', () => {
    expect(rows.length).toBeGreaterThan(25);
    const missing = shownBy.flatMap((shown) => {
      const hostile = [...shown.matchAll(/`(\d\d-[\w-]+\.ts)`/g)].map(([, name]) => `test/hostile/${name}`);
      const titled = [...shown.matchAll(/`(test\/[^`]+)`: ([^;]+)/g)];
      const gone = hostile.filter((path) => !existsSync(join(rootFolder(), path)));
      const untitled = titled.filter(([, path, title]) => !read(path!).includes(title!.trim()));
      return [
        ...(hostile.length + titled.length === 0 ? [`${shown}: no test`] : []),
        ...gone,
        ...untitled.map(([whole]) => whole),
      ];
    });
    expect(missing).toEqual([]);
  });

  it('says of most attacks what they show', () => {
    const attacks = readdirSync(join(rootFolder(), 'test/hostile')).filter((name) => name.endsWith('.ts'));
    const told = attacks.filter((name) => page.includes(`\`${name}\``));
    expect(told.length).toBeGreaterThan(attacks.length / 2);
  });
});
