import { execa } from 'execa';
import type { ChildReport, ChildTask } from './child.ts';

/**
 * Syncs once in a process of its own.
 *
 * @throws Error with what the process said where the sync failed.
 */
export async function runChild(task: ChildTask): Promise<ChildReport> {
  return run(process.execPath, new URL('child.ts', import.meta.url).pathname, task);
}

/** The same for a Python script, which knows neither its processor time nor its memory. */
export async function runPython(
  python: string,
  task: ChildTask,
): Promise<Pick<ChildReport, 'orders' | 'ms'> & Partial<ChildReport>> {
  return run(python, task.module, task);
}

async function run(program: string, script: string, task: ChildTask): Promise<ChildReport> {
  const input = JSON.stringify(task);
  const { stdout } = await execa(program, [script], { input, stderr: ['pipe', 'inherit'] });
  return JSON.parse(stdout);
}
