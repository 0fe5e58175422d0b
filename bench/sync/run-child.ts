import { execa } from 'execa';
import type { ChildReport, ChildTask } from './child.ts';

/**
 * Syncs once in a process of its own.
 *
 * @throws Error with what the process said where the sync failed.
 */
export async function runChild(task: ChildTask, nodeFlags: readonly string[] = []): Promise<ChildReport> {
  const child = new URL('child.ts', import.meta.url).pathname;
  const { stdout } = await execa(process.execPath, [...nodeFlags, child], {
    input: JSON.stringify(task),
    stderr: ['pipe', 'inherit'],
  });
  return JSON.parse(stdout) as ChildReport;
}
