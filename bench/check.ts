import { execa } from 'execa';
import { openServers } from '../kit/servers/open-servers.ts';
import { findServers, publishServers } from '../kit/servers/published.ts';
import { type CommandTimes, checkCommand } from './check/command.ts';
import { parts } from './check/parts.ts';
import { tapCost } from './check/tap-cost.ts';
import { machine } from './support/machine.ts';
import { repeated, timed } from './support/rounds.ts';
import { shown, spread } from './support/spread.ts';
import { table } from './support/table.ts';

// What judging costs: each part by itself, then `./lab check 01` as a student waits for it, on servers that are up.
// node bench/check.ts [runs of the command, default 7]
const runs = Number(process.argv[2] ?? 7);

const servers = await openServers();
// The command must find servers, as it does while `npm start` runs; those of a real one are left alone.
const unpublish = (await findServers()) ? undefined : await publishServers(servers);
try {
  console.log(machine(servers));
  const rows = [['what', 'median (least to most)', 'limit']];
  const add = (what: string, values: number[], unit: string, limit = '') =>
    rows.push([what, shown(spread(values), unit), limit]);

  const { environmentMs, firstRunnerMs, runnerMs, callUs, resetMs } = await parts(servers);
  add('environment: a Redis, a schema, two taps', environmentMs, 'ms');
  add('runner: first start of a run, file transpiled on the way', firstRunnerMs, 'ms');
  add('runner: a later start, the MySQL user renewed before', runnerMs, 'ms');
  add('a call, there and back', callUs, 'µs');
  add('reset between two checks', resetMs, 'ms', '10 ms');

  const cost = await tapCost(servers);
  for (const server of ['redis', 'mysql'] as const) {
    const { straight, tapped } = cost[server];
    add(`an awaited command, straight to ${server}`, straight, 'µs');
    add(`an awaited command, through the tap of ${server}`, tapped, 'µs');
    add(
      `the tap's share of it, round by round`,
      tapped.map((us, round) => us - straight[round]!),
      'µs',
    );
  }

  const node = () => execa(process.execPath, ['-e', '0']);
  add('node by itself', await repeated(5, () => timed(node)), 'ms');

  const times: CommandTimes[] = [];
  await repeated(runs, async () => times.push(await checkCommand('01')));
  add(
    './lab check 01',
    times.map((t) => t.end),
    'ms',
    '2000 ms',
  );
  add(
    '- to the first line: launcher, Node, modules, servers found',
    times.map((t) => t.firstLine),
    'ms',
  );
  add(
    '- to the first check: worker, environment, runner',
    times.map((t) => t.firstCheck - t.firstLine),
    'ms',
  );
  add(
    '- the other checks',
    times.map((t) => t.lastCheck - t.firstCheck),
    'ms',
  );
  add(
    '- to the end: schemas dropped, type check',
    times.map((t) => t.end - t.lastCheck),
    'ms',
  );
  console.log(table(rows));
} finally {
  await unpublish?.();
  await servers.close();
}
