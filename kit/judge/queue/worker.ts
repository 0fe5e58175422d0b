/**
 * A worker of the judge, started by `pool.ts`: it asks for one submission after the other and judges it, until there are
 * no more. It ends when it is told to, and when the process that started it is gone, after the check that it is at.
 */
import { on } from 'node:events';
import { transform } from 'esbuild';
import { findLab } from '../../../src/catalog.ts';
import { sum } from '../../base/sum.ts';
import type { ServersDescription } from '../../servers/servers.ts';
import { definitionsOf, generatedSizesOf } from '../defined-checks.ts';
import { findIsolation } from '../isolation/find.ts';
import { judgeCheck } from '../judge-check.ts';
import { oneEnvironment } from '../one-environment.ts';
import { runnerProgram } from '../runner/bundle.ts';
import { TimeLimit } from '../time-limit.ts';
import type { FromWorker, Task, ToWorker } from './messages.ts';
import { ownTurn } from './own-turn.ts';

// Ctrl-C reaches the whole group. This process still has a schema to drop: it ends when its parent says so or is gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
for (const stray of ['unhandledRejection', 'uncaughtException']) {
  process.on(stray, (error) => say({ type: 'trouble', sentence: String(error?.message ?? error) }));
}

// What takes long to come up begins before the servers are known; who needs it is told what is wrong with it.
for (const begun of [findIsolation(), runnerProgram(), transform('')]) begun.catch(() => {});

let servers: ServersDescription;
let ownMysql: boolean;
let seed: number;
const environment = oneEnvironment(() => ({ servers, ownMysql }));
const broken: Record<string, string> = {};
let labs: string[] = [];
const turn = ownTurn(say);

for await (const [message] of on(process, 'message', { close: ['disconnect'] })) {
  const told = message as ToWorker;
  if (told.type === 'end') break;
  if (told.type === 'load') await load(told.files);
  if (told.type === 'begin') {
    ({ servers, ownMysql, seed } = told);
    void environment.get().catch(() => {}); // it opens meanwhile; the first check says what is wrong with it
    say({ type: 'ready', manifest: labs.map(manifestOf), broken, generated: labs.flatMap(generatedSizesOf) });
  }
  if (told.type === 'task') await judge(told.task);
  if (told.type === 'begin' || told.type === 'task') say({ type: 'next' });
}
await environment.drop();
process.exit();

function say(message: FromWorker): void {
  // Nobody may be there any more: the loop above then ends.
  if (process.connected) process.send!(message, undefined, undefined, () => {});
}

async function load(files: Record<string, string[]>): Promise<void> {
  labs = Object.keys(files);
  for (const [lab, paths] of Object.entries(files)) {
    for (const path of paths) {
      await import(path).catch((error: Error) => {
        broken[lab] = `${lab}: its checks do not load. ${error.message}`;
      });
    }
  }
}

async function judge({ index, labs: asked, checks, untilFailed }: Task): Promise<void> {
  const time = new TimeLimit();
  for (const { id: lab, file } of asked) {
    for (const definition of definitionsOf(lab)) {
      if (!(checks?.includes(definition.id) ?? true)) continue;
      await turn.comes();
      if (!process.connected) return;
      const { alone } = turn;
      const { result, output } = await judgeCheck(definition, { lab, file, environment, seed, time, alone });
      say({ type: 'check', index, lab, result, output });
      if (untilFailed && result.outcome === 'failed') break;
    }
    say({ type: 'lab', index, lab });
  }
}

function manifestOf(lab: string) {
  const checks = definitionsOf(lab).map(({ id, title, points }) => ({ id, title, points }));
  return { id: lab, title: findLab(lab).title, maxPoints: sum(checks.map(({ points }) => points)), checks };
}
