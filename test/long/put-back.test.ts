// needs: answers
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkFiles } from '../../kit/judge/check-files.ts';
import { definitionsOf } from '../../kit/judge/defined-checks.ts';
import { Environment } from '../../kit/judge/environment.ts';
import { judgeCheck } from '../../kit/judge/judge-check.ts';
import type { oneEnvironment } from '../../kit/judge/one-environment.ts';
import { fileOf, findSubmission } from '../../kit/judge/submission.ts';
import { TimeLimit } from '../../kit/judge/time-limit.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { catalog } from '../../src/catalog.ts';
import { checksCalling } from '../kit/support/checks-calling.ts';
import { serverState } from '../kit/support/server-state.ts';

/** What changes a server while a check's work runs. */
const changing = ['withRules', 'withoutRights', 'withoutKey', 'withConfig', 'withLockWait', 'withoutTable'];

const labs = catalog
  .map(({ id, world }) => {
    const files = checkFiles(id);
    const checks = files.flatMap((file) => checksCalling(readFileSync(file, 'utf8'), changing));
    return { id, world, files, checks };
  })
  .filter(({ checks }) => checks.length > 0);

let servers: Servers;
let environment: Environment;
let one: ReturnType<typeof oneEnvironment>;
beforeAll(async () => {
  servers = await openServers({ source: 'local' });
  environment = await Environment.open(servers, `back_${process.pid}`);
  // It must not be opened anew: then nothing would be seen.
  const drop = () => Promise.reject(new Error('the environment was given up'));
  one = { get: async () => environment, drop };
});
afterAll(async () => {
  await environment?.close();
  await servers?.close();
});

test('the checks that change a server are found, of most labs', () => {
  expect(labs.length).toBeGreaterThanOrEqual(9);
});

describe.each(labs)('a check of $id puts back what it changes', ({ id, world, files, checks }) => {
  beforeAll(async () => {
    for (const file of files) await import(file);
    await environment.reset(world);
  });

  test.each(checks)('%s', async (check) => {
    const definition = definitionsOf(id).find((defined) => defined.id === check)!;
    const before = await serverState(environment);
    const file = await fileOf(findSubmission('answers'), id);
    const time = new TimeLimit();
    const { result } = await judgeCheck(definition, { lab: id, file, environment: one, seed: 1, time });
    expect(result).toMatchObject({ outcome: 'passed' });
    // Before the next reset: it is the check that puts it back.
    expect({ ...(await serverState(environment)), transactions: [] }).toEqual(before);
  });
});
