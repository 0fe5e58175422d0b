// needs: answers
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extractAnswer } from '../../kit/judge/extract-answers.ts';
import type { CheckResult } from '../../kit/judge/result.ts';
import { runChecks } from '../../kit/judge/run-checks.ts';
import { newSeed } from '../../kit/judge/seed.ts';
import { keptSolutions } from '../../kit/prove/kept/solutions.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { catalog } from '../../src/catalog.ts';
import { startHogs } from './support/hogs.ts';

const seed = Number(process.env.SEED ?? newSeed());
const copies = Number(process.env.COPIES ?? 10);
/** Names of labs, by their beginnings: `LABS_TRIED=05,06`; all where it is not set. */
const tried = process.env.LABS_TRIED?.split(',') ?? [''];
const labs = catalog.map(({ id }) => id).filter((id) => tried.some((name) => id.startsWith(name)));

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

/** The worked answer of a lab and its right solutions, each so many times. */
async function rightOnes(lab: string) {
  const kept = (await keptSolutions('right', lab)).map(({ name, path }) => ({ name, path }));
  const all = [{ name: 'answer', path: await extractAnswer(lab) }, ...kept];
  return Array.from({ length: copies }, (_, copy) =>
    all.map(({ name, path }) => ({ name: `${name} ${copy + 1}`, path, labs: [lab] })),
  ).flat();
}

const lineOf = ({ id, outcome, sentence, got }: CheckResult, submission: string): string =>
  `${id} of ${submission}: ${outcome}: ${sentence}${got ? ` (got ${got})` : ''}`;

describe('a busy machine', () => {
  test(`costs right solutions no point, ${copies} copies each, by four workers beside a hog on every processor`, {
    timeout: 6 * 3_600_000,
  }, async () => {
    const submissions = (await Promise.all(labs.map(rightOnes))).flat();
    const failed: string[] = [];
    const open: string[] = [];
    let verdicts = 0;
    const begun = performance.now();
    await runChecks({
      servers,
      submissions,
      labs,
      seed,
      jobs: 4,
      onResult: (result, submission) => {
        verdicts++;
        if (result.outcome === 'failed') failed.push(lineOf(result, submission));
        else if (result.outcome !== 'passed') open.push(lineOf(result, submission));
      },
    });
    const took = `${((performance.now() - begun) / 60_000).toFixed(1)} min`;
    console.log(
      [
        `seed ${seed}: ${submissions.length} submissions, ${verdicts} verdicts in ${took}`,
        ...failed,
        ...open,
      ].join('\n'),
    );
    expect(failed).toEqual([]);
    expect(verdicts).toBeGreaterThan(0);
  });
});
