// needs: answers
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extractAnswer } from '../../kit/judge/extract-answers.ts';
import { runChecks } from '../../kit/judge/run-checks.ts';
import { newSeed } from '../../kit/judge/seed.ts';
import { keptSolutions } from '../../kit/prove/kept/solutions.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { catalog } from '../../src/catalog.ts';

/** The first of the seeds; the others follow it. */
const first = Number(process.env.SEED ?? newSeed());
const count = Number(process.env.SEEDS ?? 20);
/** Names of labs, by their beginnings: `LABS_TRIED=05,06`; all where it is not set. */
const tried = process.env.LABS_TRIED?.split(',') ?? [''];
const labs = catalog.map(({ id }) => id).filter((id) => tried.some((name) => id.startsWith(name)));

let servers: Servers;
beforeAll(async () => {
  servers = await openServers();
});
afterAll(() => servers?.close());

/** The worked answer and the right solutions on every check, and each wrong one on those that it must fail. */
async function solutionsOf(lab: string) {
  const [right, wrong] = await Promise.all([keptSolutions('right', lab), keptSolutions('wrong', lab)]);
  return [
    { name: 'answer', path: await extractAnswer(lab) },
    ...right.map(({ name, path }) => ({ name: `right ${name}`, path })),
    ...wrong.map(({ name, path, fails }) => ({ name: `wrong ${name}`, path, checks: fails })),
  ];
}

describe('a seed varies values, never coverage', () => {
  test.each(labs)(
    `every kept solution of %s has the same verdicts with ${count} seeds`,
    {
      timeout: 3 * 3_600_000,
    },
    async (lab) => {
      const submissions = await solutionsOf(lab);
      const outcomes = new Map<string, Map<string, number[]>>();
      for (let seed = first; seed < first + count; seed++) {
        const onResult = ({ id, outcome }: { id: string; outcome: string }, submission: string) => {
          const key = `${id} of ${submission}`;
          const seen = outcomes.get(key) ?? new Map<string, number[]>();
          seen.set(outcome, [...(seen.get(outcome) ?? []), seed]);
          outcomes.set(key, seen);
        };
        await runChecks({ servers, submissions, labs: [lab], seed, onResult });
      }
      const different = [...outcomes].flatMap(([key, seen]) =>
        seen.size > 1
          ? [`${key}: ${[...seen].map(([what, seeds]) => `${what} with ${seeds.join(', ')}`)}`]
          : [],
      );
      expect(different, 'A draw decides whether a mistake is looked for.').toEqual([]);
      expect(outcomes.size).toBeGreaterThan(0);
    },
  );
});
