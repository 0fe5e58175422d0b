// needs: answers
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CheckResult, isLost } from '../../kit/judge/result.ts';
import { newSeed } from '../../kit/judge/seed.ts';
import { judged } from '../../kit/prove/judged.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { startHogs } from './support/hogs.ts';
import { keptSubjects, labsTried } from './support/kept-subjects.ts';

/** The seed of the first copies; each further copy has the next one. */
const first = Number(process.env.SEED ?? newSeed());
const copies = Number(process.env.COPIES ?? 10);

let servers: Servers;
let endHogs: () => Promise<void>;
beforeAll(async () => {
  servers = await openServers();
  endHogs = startHogs();
});
afterAll(async () => {
  await endHogs?.();
  await servers?.close();
});

const lineOf = ({ id, outcome, sentence, got }: CheckResult, name: string): string =>
  `  ${id} of ${name}: ${outcome}: ${sentence}${got ? ` (got ${got})` : ''}`;

describe('a busy machine', () => {
  test(`costs right solutions no point, ${copies} copies each, by four workers beside a hog on every processor`, {
    timeout: 6 * 3_600_000,
  }, async () => {
    const subjects = await keptSubjects(labsTried(), ['answer', 'right']);
    const lost: string[] = [];
    const open: string[] = [];
    let verdicts = 0;
    for (let seed = first; seed < first + copies; seed++) {
      const begun = performance.now();
      for await (const { subject, result } of judged(subjects, { servers, seed, jobs: 4 })) {
        verdicts++;
        for (const check of result.checks) {
          if (isLost(check.outcome)) lost.push(lineOf(check, subject.name));
          else if (check.outcome !== 'passed') open.push(lineOf(check, subject.name));
        }
      }
      const took = ((performance.now() - begun) / 60_000).toFixed(1);
      console.log(`seed ${seed}: ${subjects.length} right solutions in ${took} min`);
    }
    console.log([`${verdicts} verdicts; lost:`, ...lost, 'left open:', ...open].join('\n'));
    expect(lost, 'A busy machine cost a right solution points.').toEqual([]);
    expect(verdicts).toBe(copies * subjects.length);
  });
});
