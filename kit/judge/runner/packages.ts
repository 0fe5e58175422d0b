/**
 * What a lab file may import beside Node's own modules: the copies that the runner's own clients are made with. They are
 * in the runner's one file, so a student's process needs no node_modules folder and a start no second look for them.
 */
import * as ioredis from 'ioredis';
import * as mysql2 from 'mysql2';
import * as mysql2Promise from 'mysql2/promise';
import { PACKAGES } from './package-names.ts';

/** Set by `bundle.ts`: a runner for files that ask for BullMQ has it loaded, and the others start without its weight. */
declare const WITH_BULLMQ: boolean;

/** Puts the packages where a transpiled lab file looks for them. */
export function providePackages(): void {
  const packages: Record<string, unknown> = { ioredis, mysql2, 'mysql2/promise': mysql2Promise };
  if (WITH_BULLMQ) packages.bullmq = require('bullmq');
  Object.defineProperty(globalThis, Symbol.for(PACKAGES), { value: packages });
}
