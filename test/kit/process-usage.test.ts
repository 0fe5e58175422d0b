import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { processUsage, queuedMs, usageByPs } from '../../kit/base/process-usage.ts';

const started: ReturnType<typeof spawn>[] = [];
function start(script: string) {
  const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
  started.push(child);
  return child;
}
afterEach(async () => {
  for (const child of started.splice(0)) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
});

// Slim Linux systems lack `ps`, and nothing asks it there.
const hasPs = spawnSync('ps', ['-p', '1'], { stdio: 'ignore' }).error === undefined;
if (!hasPs) console.log('usageByPs() is not tried: this system has no ps, and /proc in its place.');

describe.each([
  ['processUsage()', processUsage] as const,
  ...(hasPs ? [['usageByPs()', usageByPs] as const] : []),
])('%s', (_, usage) => {
  test('tells a process that computes from one that sleeps and from one that was stopped', async () => {
    const [loop, sleeper, stopped] = ['for (;;);', 'setTimeout(() => {}, 1e6)', 'for (;;);'].map(start);
    await expect.poll(() => usage(sleeper!.pid!)?.state).toBe('asleep');
    await expect.poll(() => usage(loop!.pid!)?.cpuMs).toBeGreaterThanOrEqual(200);
    expect(usage(loop!.pid!)?.state).toBe('ready');
    stopped!.kill('SIGSTOP');
    await expect.poll(() => usage(stopped!.pid!)?.state).toBe('kept');
    const { cpuMs } = usage(stopped!.pid!)!;
    await expect.poll(() => usage(loop!.pid!)?.cpuMs).toBeGreaterThanOrEqual(400);
    expect(usage(stopped!.pid!)?.cpuMs).toBe(cpuMs);
  });

  test('knows nothing of a process that is gone', async () => {
    const child = start('');
    await once(child, 'exit');
    expect(usage(child.pid!)).toBe(undefined);
  });
});

test.runIf(process.platform === 'linux')(
  'queuedMs() counts what a process waits for a processor',
  async () => {
    // Of three loops that share one processor each waits about twice as long as it runs.
    const before = queuedMs('self')!;
    expect(before).toBeGreaterThanOrEqual(0);
    const loops = [1, 2, 3].map(() => start('for (;;);'));
    for (const { pid } of loops)
      await once(spawn('taskset', ['-pc', '0', `${pid}`], { stdio: 'ignore' }), 'exit');
    const queued = () => Math.min(...loops.map(({ pid }) => queuedMs(pid!)!));
    await expect.poll(queued).toBeGreaterThan(500);
  },
);
