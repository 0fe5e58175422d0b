// needs: answers
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { runChecks } from '../../kit/judge/run-checks.ts';
import { findSubmission } from '../../kit/judge/submission.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { withRedis } from '../../kit/servers/versions.ts';
import { catalog } from '../../src/catalog.ts';

let behind: Servers;
beforeAll(async () => {
  behind = await openServers({ source: 'local' });
});
afterAll(() => behind?.close());
beforeEach(() => {
  const { mysql, redis } = behind;
  vi.stubEnv('LAB_SERVERS', 'urls');
  vi.stubEnv('REDIS_CHECK_URL', undefined);
  vi.stubEnv(
    'MYSQL_URL',
    `mysql://root:${mysql.password}@localhost/?socket=${encodeURIComponent(mysql.socketPath!)}`,
  );
  vi.stubEnv(
    'REDIS_URL',
    `redis://${redis.username}:${redis.password}@localhost/0?socket=${encodeURIComponent(redis.path!)}`,
  );
});
afterEach(() => vi.unstubAllEnvs());

test('the checks of every lab leave each key of a Redis that is not theirs', {
  timeout: 600_000,
}, async () => {
  const theirs = [0, 1, 7];
  for (const db of theirs) await withRedis({ ...behind.redis, db }, (redis) => redis.set('theirs', '1'));
  const servers = await openServers();
  try {
    const labs = catalog.map(({ id }) => id);
    const submission = findSubmission('answers');
    const results = await runChecks({
      servers,
      submissions: labs.map((lab) => ({ ...submission, labs: [lab] })),
      labs,
      seed: 1,
    });
    const failed = results.flatMap(({ lab, checks }) =>
      checks
        .filter(({ outcome }) => outcome === 'failed' || outcome === 'not reached')
        .map(({ id, sentence, got }) => `${lab} ${id}: ${sentence} ${got ?? ''}`),
    );
    expect(failed).toEqual([]);
  } finally {
    await servers.close();
  }
  for (const db of theirs)
    expect(await withRedis({ ...behind.redis, db }, (redis) => redis.get('theirs')), `database ${db}`).toBe(
      '1',
    );
});
