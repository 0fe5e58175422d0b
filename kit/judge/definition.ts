import type { ExpectStatic } from '@vitest/expect';
import type { Redis } from 'ioredis';
import type { Connection } from 'mysql2/promise';
import type { Taps } from './environment.ts';
import type { LabControls } from './lab-controls.ts';
import type { Remote } from './remote.ts';
import type { Draw } from './seed.ts';
import type { undisturbed } from './undisturbed.ts';

/** What a check is handed. */
export interface CheckFixtures<Lab> {
  /** The student's functions; each call runs in the runner and rejects with a `StudentError`. */
  lab: Remote<Lab> & LabControls<Lab>;
  /** The judge's own client, past the tap: it may do everything and is not counted. */
  redis: Redis;
  /** The judge's own connection on the check's schema, past the tap. */
  mysql: Connection;
  tap: Taps;
  /** A schema with that many generated orders, read-only to the student; the same for the whole run. */
  generated(orders: number): Promise<string>;
  /** Draws the inputs of this check. */
  draw: Draw;
  /** Runs what the check is about before it disturbs it; where that fails, the check is not reached. */
  undisturbed: typeof undisturbed;
}

export type CheckBody<Lab> = (fixtures: CheckFixtures<Lab> & { expect: ExpectStatic }) => Promise<void>;

/** A check as its test file defines it, once, however many submissions it judges. */
export interface Definition {
  id: string;
  title: string;
  points: number;
  // biome-ignore lint/suspicious/noExplicitAny: each lab's checks call their own lab's functions
  body: CheckBody<any>;
}
