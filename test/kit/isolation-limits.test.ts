import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { childrenOf } from '../../kit/base/proc-stat.ts';
import { findIsolation } from '../../kit/judge/isolation/find.ts';
import { limits } from '../../kit/judge/isolation/limits.ts';
import { runnerProgram } from '../../kit/judge/runner/bundle.ts';
import { startProcess } from '../../kit/judge/runner/process.ts';
import { bomb } from './support/bomb.ts';

const run = promisify(execFile);

/** The same start as a runner's, without Node's own fence: what the system itself holds back. */
async function behindTheFence(code: string): Promise<{ tasks: number; failed: number }> {
  const isolation = await findIsolation();
  const program = await runnerProgram();
  const { file, args, cwd, env, user } = isolation.start(program, { lab: program.start });
  const words = args.slice(0, -3).filter((word) => !/^--(permission|allow-)/.test(word));
  const whom = user === undefined ? {} : { uid: user, gid: user };
  const { stdout } = await run(file, [...words, '-e', code], { cwd, env, ...whom });
  return JSON.parse(stdout);
}

test('a runner has at most 64 processes and threads, and two runners do not share them', async () => {
  const { level, sentence } = await findIsolation();
  if (level < 3) {
    expect(sentence).toContain('Level 3 needs');
    return;
  }
  const both = await Promise.all([behindTheFence(bomb), behindTheFence(bomb)]);
  for (const { tasks, failed } of both) {
    expect(failed).toBeGreaterThan(0);
    expect(tasks).toBeGreaterThan(limits.nproc / 2);
    // Bubblewrap's own first process is not one of them.
    expect(tasks).toBeLessThanOrEqual(limits.nproc + 1);
  }
});

test('a runner is not root, and has no right that it could win back', async () => {
  const { level } = await findIsolation();
  const program = await runnerProgram();
  const started = await startProcess({ lab: program.start }, { watched: false });
  try {
    await new Promise((resolve) => started.child.stdio[3]!.once('data', resolve));
    let pid = started.child.pid!;
    for (let below = level === 3 ? 2 : 0; below > 0; below--) pid = childrenOf(pid)[0]!;
    const status = process.platform === 'linux' ? readFileSync(`/proc/${pid}/status`, 'utf8') : '';
    const of = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1];
    if (status) expect(of('Uid')).not.toBe('0');
    if (status) expect(of('CapEff')).toBe('0000000000000000');
    if (level === 3) expect([of('CapBnd'), of('NoNewPrivs')]).toEqual(['0000000000000000', '1']);
  } finally {
    started.kill();
  }
});
