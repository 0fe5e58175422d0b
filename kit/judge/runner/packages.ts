/**
 * What a lab file may import beside Node's own modules: the copies that the runner's own clients are made with. They are
 * in the runner's one file, so a student's process needs no node_modules folder and a start no second look for them.
 */
import { PACKAGES } from './packages-key.ts';

/** Set by `bundle.ts`: a runner for files that ask for BullMQ has it loaded, and the others start without its weight. */
declare const WITH_BULLMQ: boolean;

/** Puts the packages where a transpiled lab file looks for them. */
export function providePackages(): void {
  const packages: Record<string, unknown> = {
    // As CommonJS has them: that is what Node gives as their default export.
    ioredis: require('ioredis'),
    mysql2: require('mysql2'),
    'mysql2/promise': require('mysql2/promise'),
  };
  if (WITH_BULLMQ) packages.bullmq = require('bullmq');
  Object.defineProperty(globalThis, Symbol.for(PACKAGES), { value: packages });
}
