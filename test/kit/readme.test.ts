// needs: answers
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { catalog } from '../../src/catalog.ts';

const read = (file: string) => readFileSync(join(rootFolder(), file), 'utf8');
const readme = read('README.md');
const { dependencies, devDependencies, scripts } = JSON.parse(read('package.json'));

/** The lines between a heading and the next. */
function section(title: string): string {
  const found = new RegExp(`^## ${title}\\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm').exec(readme);
  return found?.[1] ?? '';
}

const all = (pattern: RegExp) => [...readme.matchAll(pattern)].map(([, found]) => found!);

describe('README.md', () => {
  it('names only commands of ./lab that exist', () => {
    const commands = readdirSync(join(rootFolder(), 'kit/commands')).map((file) => file.replace('.ts', ''));
    const named = all(/\.\/lab ([a-z]+)/g);
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) expect(commands).toContain(name);
  });

  it('names only npm scripts that exist', () => {
    const named = [...all(/npm run ([\w:]+)/g), ...all(/npm (start|test)\b/g)];
    expect(named).toContain('test:long');
    for (const name of named) expect(scripts).toHaveProperty([name]);
  });

  it('lists every lab of the catalogue', () => {
    for (const { id, title } of catalog) expect(section('The labs')).toContain(`${id.slice(0, 2)} ${title}`);
  });

  it('gives a reason for every dependency, in its exact version, and for no other', () => {
    const rows = [...section('Dependencies').matchAll(/^\| (\S+) (\d\S*) \| (.+) \|$/gm)];
    const listed = Object.fromEntries(rows.map(([, name, version]) => [name, version]));
    expect(listed).toEqual({ ...dependencies, ...devDependencies });
  });

  it('names only files that exist', () => {
    const layout = [...section('Layout').matchAll(/^(\S+) {2,}\S/gm)].map(([, path]) => path!);
    expect(layout.length).toBeGreaterThan(15);
    const linked = [...all(/\]\((?!http)([^)#]+)\)/g), ...all(/(?:src|srcset)="([^"]+)"/g)];
    const quoted = all(/`((?:src|test|labs|answers|notebooks|redis|docs|\.ci)\/[\w./-]+)`/g);
    const files = [...layout, ...linked, ...quoted].filter((path) => !path.includes('*'));
    expect(files.filter((path) => !existsSync(join(rootFolder(), path)))).toEqual([]);
  });

  it('names no path of a machine', () => {
    expect(readme).not.toMatch(/\/(?:work|root|home|tmp|Users)\//);
  });
});
