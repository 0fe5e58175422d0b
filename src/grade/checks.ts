import type { Redis } from 'ioredis';
import type { Connection } from 'mysql2/promise';
import { describe, type ExpectStatic, inject, test as vitestTest } from 'vitest';
import { findLab } from '../catalog.ts';
import type { Taps } from './environment.ts';
import { explain, InfrastructureError, isInfrastructure } from './explain.ts';
import { type LabControls, labControls } from './lab-controls.ts';
import { oneEnvironment } from './one-environment.ts';
import type { NumberedSubmission } from './provided.ts';
import { type Draw, drawFor } from './seed.ts';
import { fileOf } from './submission.ts';

/** A lab's functions as a check calls them: the context is the runner's, the rest crosses as plain data. */
export type Remote<Lab> = {
  [K in keyof Lab]: Lab[K] extends (ctx: never, ...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

/** What a check is handed. */
export interface CheckFixtures<Lab> {
  /** The student's functions; each call runs in the runner and rejects with a `StudentError`. */
  lab: Remote<Lab> & LabControls;
  /** The judge's own client, past the tap: it may do everything and is not counted. */
  redis: Redis;
  /** The judge's own connection on the check's schema, past the tap. */
  mysql: Connection;
  tap: Taps;
  /** A schema with that many generated orders, read-only to the student; the same for the whole run. */
  generated(orders: number): Promise<string>;
  /** Draws the inputs of this check. */
  draw: Draw;
}

// biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures that one needs from this pattern
const test = vitestTest.extend('environment', { scope: 'worker' }, ({}, { onCleanup }) => {
  const one = oneEnvironment(() => inject('servers'));
  onCleanup(one.drop);
  return one;
});

type CheckBody<Lab> = (fixtures: CheckFixtures<Lab> & { expect: ExpectStatic }) => Promise<void>;

export interface ChecksOptions {
  /** Sizes that the checks ask of `generated()`, so that they are made ahead. */
  generated?: readonly number[];
}

/** A check as its test file defines it, once, however many submissions it judges. */
interface Definition<Lab> {
  id: string;
  title: string;
  points: number;
  body: CheckBody<Lab>;
}

/**
 * Makes the `check` function of a lab's test file. Each check is a vitest test for each submission of the run.
 *
 * @example
 * const check = checksOf<InitialSync>('01-initial-sync');
 * check('01.wait.first', 'waitForMysql() resolves to 1 when MySQL answers at once', 1, async ({ lab, expect }) => {
 *   expect(await lab.waitForMysql(), 'MySQL was up: one attempt').toBe(1);
 * });
 */
export function checksOf<Lab>(labId: string, { generated: sizes = [] }: ChecksOptions = {}) {
  findLab(labId);
  const submissions = inject('submissions');
  const definitions: Definition<Lab>[] = [];
  // vitest runs the body of a `describe` after the whole file: by then every check is defined. One submission after
  // the other, so that a runner is started once for each.
  if (submissions.length > 1) {
    for (const numbered of submissions) {
      describe(numbered.submission.name, () => {
        for (const definition of definitions) {
          if (numbered.checks?.includes(definition.id) ?? true) register(definition, numbered);
        }
      });
    }
  }

  function register(
    { id, title, points, body }: Definition<Lab>,
    { index, submission }: NumberedSubmission,
  ): void {
    const meta = { check: { id, points, submission: index } };
    test(title, { meta, timeout: 60_000 }, async ({ environment, task, expect, skip }) => {
      for (let attempt = 1; ; attempt++) {
        const env = await environment.get();
        const seed = inject('seed');
        // Begun now, it is made by MySQL while the first checks run; whoever needs it awaits it, errors included.
        for (const size of sizes) void env.generated(size, seed).catch(() => {});
        try {
          await env.reset();
          const controls = labControls<Lab>(env, await fileOf(submission, labId), labId);
          try {
            const { redis, mysql, taps: tap } = env;
            const generated = (orders: number) => env.generated(orders, seed);
            const draw = drawFor(seed, id);
            await body({ lab: controls.lab, redis, mysql, tap, generated, draw, expect });
            await controls.settled();
          } finally {
            task.meta.output = controls.takeOutput();
          }
          return;
        } catch (error) {
          if (error instanceof NotGradable) skip(error.message);
          if (!isInfrastructure(error)) {
            task.meta.failure = explain(error);
            throw error;
          }
          await environment.drop();
          if (attempt < 2) continue;
          task.meta.infrastructure = String((error as Error).message);
          throw new InfrastructureError(task.meta.infrastructure, { cause: error });
        }
      }
    });
  }

  return (id: string, title: string, points: number, body: CheckBody<Lab>): void => {
    const definition = { id, title, points, body };
    definitions.push(definition);
    if (submissions.length === 1) register(definition, submissions[0]!);
  };
}

/** Thrown by a check that this host cannot judge; the message says what it lacks. Points are not lost. */
export class NotGradable extends Error {
  override name = 'NotGradable';
}
