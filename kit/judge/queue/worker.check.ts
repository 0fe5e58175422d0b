/**
 * The one test that each worker of a run is: it takes submissions from the run's queue and judges them, one after the
 * other, until there are no more. vitest holds the worker and gives it `expect`; a test of vitest's own for each check
 * of each submission would cost it memory and time that grow with the class.
 */
import { createConnection, type Socket } from 'node:net';
import { afterAll, type ExpectStatic, inject, test } from 'vitest';
import { findLab } from '../../../src/catalog.ts';
import { sum } from '../../base/sum.ts';
import { definitionsOf, generatedSizesOf } from '../defined-checks.ts';
import type { Definition } from '../definition.ts';
import { judgeCheck } from '../judge-check.ts';
import { oneEnvironment } from '../one-environment.ts';
import { TimeLimit } from '../time-limit.ts';
import { type FromWorker, messageReader, type Task, type ToWorker } from './messages.ts';

const queue = inject('queue')!;
const environment = oneEnvironment(() => inject('servers'));
afterAll(() => environment.drop());

const broken: Record<string, string> = {};
for (const [lab, files] of Object.entries(queue.files)) {
  for (const file of files) {
    await import(file).catch((error: Error) => {
      broken[lab] = `${lab}: its checks do not load. ${error.message}`;
    });
  }
}

test('judges what the queue hands out', { timeout: 0 }, async ({ expect }) => {
  const socket = createConnection(queue.path).setEncoding('utf8');
  socket.on('error', () => {}); // the run is gone, or wants no more: 'close' follows
  const say = (message: FromWorker) => socket.write(`${JSON.stringify(message)}\n`);
  const labs = Object.keys(queue.files);
  say({ type: 'ready', manifest: labs.map(manifestOf), broken });
  for (let task = await next(socket, say); task; task = await next(socket, say)) {
    const time = new TimeLimit();
    for (const lab of task.labs) {
      await judgeLab(lab, task, { socket, say, expect, time });
      say({ type: 'lab', index: task.index, lab: lab.id });
    }
  }
  if (!socket.destroyed) await new Promise<void>((resolve) => socket.end(resolve));
  expect(Object.keys(broken)).toEqual([]);
});

interface Judging {
  socket: Socket;
  say(message: FromWorker): void;
  expect: ExpectStatic;
  time: TimeLimit;
}

async function judgeLab(
  { id: lab, file }: Task['labs'][number],
  { index, checks }: Task,
  { socket, say, expect, time }: Judging,
): Promise<void> {
  const sizes = generatedSizesOf(lab);
  for (const definition of definitionsOf(lab)) {
    if (socket.destroyed) return;
    if (!(checks?.includes(definition.id) ?? true)) continue;
    const judged = await judgeCheck(definition, {
      lab,
      file,
      environment,
      seed: inject('seed'),
      expect,
      time,
      sizes,
    });
    say({ type: 'check', index, lab, result: judged.result, output: judged.output });
  }
}

function manifestOf(lab: string) {
  const checks = definitionsOf(lab).map(({ id, title, points }: Definition) => ({ id, title, points }));
  return {
    id: lab,
    title: findLab(lab).title,
    maxPoints: sum(checks.map(({ points }) => points)),
    checks,
  };
}

/** Asks for the next task; undefined where there is none, or nobody to ask. */
function next(socket: Socket, say: (message: FromWorker) => void): Promise<Task | undefined> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve(undefined);
    const read = messageReader<ToWorker>((message) => {
      over(message.type === 'task' ? message.task : undefined);
    });
    const gone = () => over(undefined);
    function over(task: Task | undefined): void {
      socket.off('data', read).off('close', gone).off('error', gone);
      resolve(task);
    }
    socket.on('data', read).once('close', gone).once('error', gone);
    say({ type: 'next' });
  });
}
