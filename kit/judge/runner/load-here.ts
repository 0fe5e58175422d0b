import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rootFolder } from '../../base/root.ts';
import { bundled } from './package-names.ts';
import { PACKAGES } from './packages-key.ts';
import { transpile } from './transpile.ts';

/**
 * Loads a lab file into this process, where it is trusted as the rest of the kit is: an app or a script runs on it. Its
 * packages are those of `node_modules`, each loaded when a file first asks for it.
 *
 * @throws CannotLoad, and what the file throws.
 * @example const { flushChanges } = await loadHere('labs/08-write-behind.ts', ['ioredis', 'bullmq'])
 */
export async function loadHere(path: string, packages: readonly string[]): Promise<Record<string, unknown>> {
  const { file } = await transpile(path, packages);
  const there = globalThis as { [key: symbol]: unknown };
  there[Symbol.for(PACKAGES)] ??= ownPackages();
  return import(pathToFileURL(file).href);
}

function ownPackages(): object {
  const require = createRequire(join(rootFolder(), 'package.json'));
  const found = {};
  for (const path of bundled) Object.defineProperty(found, path, { get: () => require(path) });
  return found;
}
