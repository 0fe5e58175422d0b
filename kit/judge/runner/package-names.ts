import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rootFolder } from '../../base/root.ts';
import { PACKAGES } from './packages-key.ts';

/** The import paths that the runner's bundle holds. */
export const bundled: ReadonlySet<string> = new Set(['ioredis', 'mysql2', 'mysql2/promise', 'bullmq']);

const modules = new Map<string, Promise<string>>();

/**
 * The module that stands for a package in a transpiled lab file. It exports what Node's own `import()` of the package
 * gives, name by name, and the whole package as `default`, as Node does for every package in CommonJS.
 *
 * @example await bundledModule('ioredis') // const all = globalThis[…]; export { e0 as "Redis", all as "default", … }
 */
export function bundledModule(path: string): Promise<string> {
  const there = modules.get(path) ?? write(path);
  modules.set(path, there);
  there.catch(() => modules.delete(path));
  return there;
}

async function write(path: string): Promise<string> {
  const require = createRequire(join(rootFolder(), 'package.json'));
  const nodesImport = createRequire(import.meta.url)('./nodes-import.cjs') as (
    url: string,
  ) => Promise<object>;
  const names = Object.keys(await nodesImport(pathToFileURL(require.resolve(path)).href));
  const whole = new Set(['default', 'module.exports']);
  const parts = names.filter((name) => !whole.has(name));
  const lines = [
    `const all = globalThis[Symbol.for(${JSON.stringify(PACKAGES)})][${JSON.stringify(path)}];`,
    ...parts.map((name, i) => `const e${i} = all[${JSON.stringify(name)}];`),
    `export { ${parts.map((name, i) => `e${i} as ${JSON.stringify(name)}, `).join('')}`,
    `${names.filter((name) => whole.has(name)).map((name) => `all as ${JSON.stringify(name)}`)} };`,
  ];
  return lines.join('\n');
}
