/** Key of the symbol under which the runner keeps the packages. */
export const PACKAGES = 'storelab.packages';

/** The import paths that the runner's bundle holds. */
export const bundled: ReadonlySet<string> = new Set(['ioredis', 'mysql2', 'mysql2/promise', 'bullmq']);

/** The module that stands for a package in a transpiled lab file. */
export const bundledModule = (path: string): string =>
  `module.exports = globalThis[Symbol.for(${JSON.stringify(PACKAGES)})][${JSON.stringify(path)}];`;
