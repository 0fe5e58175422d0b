// needs: answers
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { type CheckoutCopy, copyCheckout } from './support/checkout-copy.ts';
import { filesBelow } from './support/imports.ts';

const root = rootFolder();
const read = (path: string) => readFile(join(root, path), 'utf8');
const contributing = await read('CONTRIBUTING.md');
const pages = { 'CONTRIBUTING.md': contributing, 'docs/architecture.md': await read('docs/architecture.md') };

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found!);

/** The example's files, and names that stand for any. */
const isExample = (path: string) => /99-ping|ping\.ts|11-sessions|\bNN-|NAME|SEED|[*…]/.test(path);

describe.each(Object.entries(pages))('%s', (page, text) => {
  const prose = text.replaceAll(/^(`{3,})[\s\S]*?^\1$/gm, '');

  it('names only files that exist', async () => {
    const quoted = all(prose, /`((?:src|apps|kit|test|labs|answers|notebooks|bench|docs|\.ci)\/[^`\s]*)`/g);
    const linked = all(text, /\]\((?!http)([^)#]+)\)/g).map((path) => join(page, '..', path));
    const paths = [...quoted, ...linked].filter((path) => !isExample(path));
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names only files and functions of the code', async () => {
    const files = filesBelow(root, ['src', 'apps', 'kit', 'test/support']);
    const code = (await Promise.all(files.map(read))).join('\n');
    const names = new Set(files.map((file) => basename(file)));
    const modules = all(prose, /`([a-z-]+\.ts)`/g).filter((name) => !isExample(name));
    expect(modules.filter((name) => !names.has(name))).toEqual([]);
    const called = all(prose, /`(?:[\w$]+\.)*([\w$]+)\([^`]*\)`/g);
    const wanted = called.filter((name) => !['hset', 'ping'].includes(name));
    expect(wanted.length).toBeGreaterThan(5);
    expect(wanted.filter((name) => !code.includes(`${name}(`) && !code.includes(`${name}<`))).toEqual([]);
  });

  it('names no path of a machine', () => {
    expect(text).not.toMatch(/\/(?:work|root|home|Users)\/|\/tmp\/(?!storelab-…)/);
  });
});

describe('the example of CONTRIBUTING.md', () => {
  let copy: CheckoutCopy;
  afterAll(() => copy.remove());

  /** What stands in the fence below the line that names a file. */
  const shown = (path: string): string => {
    const found = new RegExp(`^[^\\n]*\`${path}\`[^\\n]*:[^\\n]*\\n\\n(\`{3,})\\w+\\n([\\s\\S]*?)^\\1$`, 'm');
    const text = found.exec(contributing)?.[2];
    if (!text) throw new Error(`CONTRIBUTING.md does not show ${path} in a fence below its name.`);
    return text;
  };

  beforeAll(async () => {
    copy = await copyCheckout();
    const paths = ['src/contracts/ping.ts', 'labs/99-ping.ts', 'test/99-ping.test.ts', 'answers/99-ping.md'];
    for (const path of paths) await writeFile(join(copy.folder, path), shown(path));
    const catalog = await read('src/catalog.ts');
    const withPing = catalog.replace('\n];\n', () => `\n${shown('src/catalog.ts')}];\n`);
    await writeFile(join(copy.folder, 'src/catalog.ts'), withPing);
  });

  const check = async (labs: string) => {
    const { stdout, stderr } = await copy.lab(['check', '99', '--json'], { LABS: labs });
    expect(stderr).toBe('');
    return JSON.parse(stdout) as { points: number; maxPoints: number; labs: [{ warnings: string[] }] };
  };

  it('has full points with its answer, and none with its stub', async () => {
    const [row] = all(contributing, /^\| 99 Ping .* \| (\d+) \|$/gm);
    const answer = await check('answers');
    expect([answer.points, answer.maxPoints, answer.labs[0].warnings]).toEqual([
      Number(row),
      Number(row),
      [],
    ]);
    expect((await check('labs')).points).toBe(0);
  }, 120_000);
});
