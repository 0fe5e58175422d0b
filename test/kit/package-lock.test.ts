import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';

interface Locked {
  version?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
  /** Programs by name. */
  bin?: Record<string, string>;
}

const read = (file: string) => JSON.parse(readFileSync(join(rootFolder(), file), 'utf8'));
const locked = read('package-lock.json').packages as Record<string, Locked>;

describe('package-lock.json', () => {
  // Without them `npm ci` refuses the whole lock on a fresh clone: "Missing: ... from lock file".
  it('holds the optional packages of every platform', () => {
    const missing = Object.entries(locked).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !locked[`node_modules/${name}`] && !locked[`${path}/node_modules/${name}`],
      ),
    );
    expect(missing).toEqual([]);
  });

  it('asks for the versions of package.json, exact ones', () => {
    const { dependencies, devDependencies } = read('package.json');
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      expect(locked[`node_modules/${name}`]?.version, name).toBe(version);
    }
  });

  // Of two that have a program of one name, npm links whichever it comes to first.
  it('has each program of node_modules/.bin from one package', () => {
    const programs = Object.entries(locked).flatMap(([path, { bin = {} }]) =>
      path.lastIndexOf('node_modules/') === 0 ? Object.keys(bin) : [],
    );
    expect(programs).toContain('tsc');
    expect(programs.filter((name, i) => programs.indexOf(name) !== i)).toEqual([]);
  });

  it('makes npx tsc the TypeScript of package.json', async () => {
    const { stdout } = await execa('npx', ['tsc', '--version'], { cwd: rootFolder() });
    expect(stdout).toBe(`Version ${read('package.json').devDependencies.typescript}`);
  });

  it('names no registry', () => {
    expect(Object.values(locked).filter(({ resolved }) => resolved?.startsWith('http'))).toEqual([]);
  });
});
