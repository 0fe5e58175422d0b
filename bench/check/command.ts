import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { rootFolder } from '../../kit/base/root.ts';

/** When what happened in one `./lab check`, ms since it was started. */
export interface CommandTimes {
  /** The first line: launcher, Node and the command's modules are there, the servers found. */
  firstLine: number;
  /** The first check was judged: worker, environment and runner stand. */
  firstCheck: number;
  /** The last check was judged. */
  lastCheck: number;
  /** The process has ended. */
  end: number;
}

/**
 * Runs `./lab check` of a lab against the worked answers, as a student would, and notes when its lines come.
 *
 * @throws Error with what it printed where it did not end with full points.
 */
export async function checkCommand(lab: string): Promise<CommandTimes> {
  const began = performance.now();
  const child = spawn(join(rootFolder(), 'lab'), ['check', lab], {
    cwd: rootFolder(),
    env: { ...process.env, LABS: 'answers', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const times: Partial<CommandTimes> = {};
  const said: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    const now = performance.now() - began;
    said.push(line);
    times.firstLine ??= now;
    if (!/^ {2}[✓✗–!] \d+\/\d+ /.test(line)) return;
    times.firstCheck ??= now;
    times.lastCheck = now;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`./lab check ${lab} ended with ${code}:\n${said.join('\n')}`);
  return { ...(times as CommandTimes), end: performance.now() - began };
}
