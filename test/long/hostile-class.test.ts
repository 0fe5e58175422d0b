import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClassResult } from '../../kit/class/report/result-schema.ts';
import { newSeed } from '../../kit/judge/seed.ts';
import { type HostileClass, hostileClass } from '../support/hostile-class.ts';
import { grade, gradeKilled } from '../support/prove-class.ts';

// `LAB_SERVERS=containers npx vitest run --config test/long/vitest.config.ts hostile-class` takes MySQL 9.7 and Redis 8.
const source = process.env.LAB_SERVERS ?? 'local';
const seed = Number(process.env.SEED ?? newSeed());
const times = Number(process.env.TIMES ?? 10);

let hostile: HostileClass;
beforeAll(async () => {
  console.log(`servers ${source}, seed ${seed}, each attack ${times} times`);
  hostile = await hostileClass(['01-initial-sync', '03-hset-mapping', '04-delete-orders'], { times, seed });
});
afterAll(() => hostile && rmSync(hostile.folder, { recursive: true, force: true }));

/** The processes that have this variable in their environment, as `pid command`. */
function processesWith(variable: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/environ`, 'utf8').includes(variable)) return [];
      return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`];
    } catch {
      return []; // it has ended, or belongs to somebody else
    }
  });
}

/** Each honest hand-in that lost a point, each hostile one that kept all, and each that has no verdict: a line each. */
function wrongVerdicts(out: string): string[] {
  const { students } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as ClassResult;
  expect(students.map(({ student }) => student).sort()).toEqual(Object.keys(hostile.handedIn).sort());
  return students.flatMap(({ student, slug, labs }) => {
    expect(readFileSync(join(out, 'students', slug, 'feedback.html'), 'utf8')).toContain(student);
    return labs.flatMap(({ lab, points, maxPoints, checks }) => {
      const kind = hostile.handedIn[student]![lab];
      const told = checks.filter(({ outcome }) => outcome !== 'passed');
      const line = `${student}, ${lab}, ${kind}: ${points} of ${maxPoints}; ${told.map(({ id, outcome, sentence }) => `${id} ${outcome}: ${sentence}`).join('; ')}`;
      const open = told.some(({ outcome }) => outcome === 'infrastructure error');
      const as = kind === 'honest' ? points === maxPoints : points < maxPoints;
      return as && !open ? [] : [line];
    });
  });
}

describe.each([
  ['by one worker', 1, 0],
  ['by four workers', 4, 0],
  ['by four workers, killed three times', 4, 3],
])('./lab grade on a class of 30 that attacks the servers, %s', (name, jobs, kills) => {
  test('tells everybody the truth in bounded time, and leaves nothing', { timeout: 3_600_000 }, async () => {
    const out = join(hostile.folder, name.replaceAll(/\W+/g, '-'));
    const temporary = join(hostile.folder, `tmp-${jobs}-${kills}`);
    mkdirSync(temporary);
    // The sandbox's users enter it.
    chmodSync(hostile.folder, 0o755);
    chmodSync(temporary, 0o1777);
    const variable = `TMPDIR=${temporary}`;
    const env = { LAB_SERVERS: source, TMPDIR: temporary };
    const begun = performance.now();
    if (kills > 0) await gradeKilled(hostile, { out, jobs, seed, env, kills, students: 30 });
    else {
      const { exitCode, all } = await grade(hostile, { out, jobs, seed, env });
      expect(exitCode, String(all)).toBe(0);
    }
    console.log(`${name}: ${((performance.now() - begun) / 1000).toFixed(0)} s`);
    expect(wrongVerdicts(out)).toEqual([]);
    await expect.poll(() => processesWith(variable)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
