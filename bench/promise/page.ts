import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../../kit/base/root.ts';
import { lineSvg } from '../../src/lab/chart-svg.ts';
import { shown, spread } from '../support/spread.ts';
import type { Probe } from './capacity.ts';
import { type Mix, mixes } from './mixes.ts';
import type { Round } from './round.ts';

interface Page {
  /** Machine, versions, sizes. */
  about: string;
  measured: readonly Round[];
  probes: readonly (Probe & { mix: Mix; cache: boolean })[];
  /** The bound of 99 in 100 requests, ms. */
  p99: number;
  /** Users at whom queries and response times are compared. */
  usual: number;
}

/** Writes `docs/promise.md` and its charts, and gives back the page. */
export async function promisePage({ about, measured, probes, p99, usual }: Page): Promise<string> {
  const docs = join(rootFolder(), 'docs');
  const parts = await Promise.all(
    (Object.keys(mixes) as Mix[]).map(async (mix) => {
      const rounds = measured.filter((round) => round.mix === mix);
      const name = `promise-${mix.replaceAll(' ', '-')}`;
      await writeFile(
        join(docs, `${name}.svg`),
        `${chart(
          mix,
          probes.filter((one) => one.mix === mix),
        )}\n`,
      );
      return section(mix, { rounds, name, p99, usual });
    }),
  );
  const page = `# The promise, measured

The game's document promises of its cache: 70 % fewer queries, 30 % less response time, 500 % more users (six times as many). \`./lab bench promise\` measures each on the game and the worked answers of the labs, with the cache on and off by its switch (\`CACHE_ENABLED\`): the same requests, the same MySQL, limits out of the way (\`GAME_REQUESTS_PER_MINUTE\`). Each figure is the median of the rounds, with the least and the most; a ratio is one within its round. The load comes from autocannon, on the same two processors as game, MySQL and Redis.

${about}.

A user asks again as soon as it is answered. So many users are served as have 99 of 100 requests answered within ${p99} ms.

${parts.join('\n')}`;
  await writeFile(join(docs, 'promise.md'), page);
  return page;
}

function section(
  mix: Mix,
  { rounds, name, p99, usual }: { rounds: readonly Round[]; name: string; p99: number; usual: number },
): string {
  const of = (figure: (round: Round) => number) => spread(rounds.map(figure));
  const less = (ratio: (round: Round) => number) =>
    `−${shown(
      of((round) => 100 * (1 - ratio(round))),
      '%',
    )}`;
  return `## ${mix[0]!.toUpperCase()}${mix.slice(1)}

Of 20 requests: ${mixes[mix]}.

| | cache off | cache on | difference | promised |
|---|---|---|---|---|
| MySQL's statements for 1,000 requests | ${shown(of(({ off }) => off.queries))} | ${shown(of(({ on }) => on.queries))} | ${less(({ on, off }) => on.queries / off.queries)} | −70 % |
| mean response time of ${usual} users | ${shown(
    of(({ off }) => off.mean),
    'ms',
  )} | ${shown(
    of(({ on }) => on.mean),
    'ms',
  )} | ${less(({ on, off }) => on.mean / off.mean)} | −30 % |
| users within ${p99} ms | ${shown(of(({ off }) => off.capacity))} | ${shown(of(({ on }) => on.capacity))} | ×${shown(of(({ on, off }) => on.capacity / off.capacity))} | ×6 |

![${mix}: how long 99 of 100 requests take, by users, with and without the cache](${name}.svg)
`;
}

function chart(mix: Mix, probes: Page['probes']): string {
  const line = (cache: boolean) => ({
    name: `cache ${cache ? 'on' : 'off'}`,
    points: probes
      .filter((one) => one.cache === cache)
      .map(({ users, p99 }): [number, number] => [users, Math.max(p99, 0.5)])
      .sort(([a], [b]) => a - b),
  });
  return lineSvg({
    title: `${mix}: 99 of 100 requests are answered within so many ms`,
    xLabel: 'users',
    yLabel: 'ms',
    series: [line(false), line(true)],
    logX: true,
    logY: true,
  });
}
