import type { Plugin } from 'esbuild';

/** Modules of Node's own that a start-up snapshot cannot hold, or should not: sockets, TLS, the terminal, files. */
const late = new Set(['crypto', 'dns', 'fs', 'net', 'os', 'tls', 'tty', 'worker_threads', 'zlib']);

const proxy = (name: string) => `
let found;
const builtin = process.getBuiltinModule; // what a student's code finds under this name may be another one (fence.ts)
const load = () => (found ??= builtin(${JSON.stringify(name)}));
module.exports = new Proxy({}, {
  get: (_, key) => load()[key],
  has: (_, key) => key in load(),
  ownKeys: () => Reflect.ownKeys(load()),
  getOwnPropertyDescriptor: (_, key) => {
    const descriptor = Object.getOwnPropertyDescriptor(load(), key);
    return descriptor && { ...descriptor, configurable: true };
  },
});`;

/** For esbuild: what packages `require()` of these modules is loaded when it is first used, not when a bundle begins. */
export const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup(builder) {
    builder.onResolve({ filter: /^(node:)?[a-z_]+$/ }, ({ path, kind }) => {
      const name = path.replace(/^node:/, '');
      return kind === 'require-call' && late.has(name) ? { path: name, namespace: 'late' } : undefined;
    });
    builder.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({ contents: proxy(path) }));
  },
};
