/**
 * Node's own modules that a lab may use: to compute, to wait, to hash, to hear events. None opens a file, a connection,
 * a process or a thread, reads another heap, or changes how modules are found.
 */
const allowedBuiltins: ReadonlySet<string> = new Set([
  'assert',
  'assert/strict',
  'async_hooks',
  'buffer',
  'console',
  'crypto',
  'events',
  'os',
  'path',
  'path/posix',
  'path/win32',
  'perf_hooks',
  'process',
  'punycode',
  'querystring',
  'stream',
  'stream/consumers',
  'stream/promises',
  'stream/web',
  'string_decoder',
  'timers',
  'timers/promises',
  'url',
  'util',
  'util/types',
  'zlib',
]);

/** What those modules hold back: it reaches other processes, or the native objects of others. */
export const withheld: Readonly<Record<string, readonly string[]>> = {
  os: ['setPriority'],
  async_hooks: ['createHook', 'executionAsyncResource'],
};

/** @example isAllowedBuiltin('node:fs') // false */
export const isAllowedBuiltin = (name: string): boolean => allowedBuiltins.has(name.replace(/^node:/, ''));
