import { Environment } from '../../kit/judge/environment.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { repeated, timed } from '../support/rounds.ts';

/** What judging is made of, each part by itself: measurements in the unit that the name tells. */
export interface Parts {
  environmentMs: number[];
  /** The first start of a process, the file transpiled on the way. */
  firstRunnerMs: number[];
  /** A later start; the student's MySQL user gets a new password before it. */
  runnerMs: number[];
  callUs: number[];
  resetMs: number[];
}

const probe = new URL('probe.ts', import.meta.url).pathname;
const lab = '01-initial-sync';
const callsAtOnce = 100;

/** Measures the parts on one environment, as a worker has it. */
export async function parts(servers: Servers, { times = 30 } = {}): Promise<Parts> {
  const opened: Environment[] = [];
  const environmentMs = await repeated(5, () =>
    timed(async () => opened.push(await Environment.open(servers, `bench_${process.pid}_${opened.length}`))),
  );
  const env = opened[0]!;
  try {
    const startsMs = await repeated(11, async () => {
      await env.runners.end();
      return timed(() => env.runners.of(probe, { lab }));
    });
    const runner = await env.runners.of(probe, { lab });
    const callUs = await repeated(times, async () => {
      const ms = await timed(async () => {
        for (let i = 0; i < callsAtOnce; i++) await runner.call('nothing', []);
      });
      return (ms * 1000) / callsAtOnce;
    });
    const resetMs = await repeated(times, async () => {
      await runner.reset(0, env.schema);
      await runner.call('commands', [5]); // so that there are connections to cut and threads to end
      return timed(() => env.reset());
    });
    return {
      environmentMs,
      firstRunnerMs: startsMs.slice(0, 1),
      runnerMs: startsMs.slice(1),
      callUs,
      resetMs,
    };
  } finally {
    await Promise.allSettled(opened.map((environment) => environment.close()));
  }
}
