import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { RedisAddress } from '../../../kit/servers/address.ts';
import type { ServersDescription } from '../../../kit/servers/servers.ts';

export interface Owner {
  process: ChildProcess;
  description: ServersDescription;
  /** A Redis that it started beside the servers. */
  private: RedisAddress;
}

const owners = new Set<ChildProcess>();

/**
 * Starts a process that owns servers (servers-owner.ts) and waits until they are open. It ends with this process,
 * or with `endOwners()`.
 */
export async function startOwner(words: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Owner> {
  const script = new URL('servers-owner.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, ...words], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  owners.add(child);
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('close', (code) => reject(new Error(`the owner ended with ${code}: ${errors}`)));
  });
  ended.catch(() => {});
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  return { process: child, ...JSON.parse(String(line)) };
}

/** Ends every owner that a test has left. */
export function endOwners(): void {
  for (const owner of owners) owner.kill('SIGKILL');
  owners.clear();
}

/** Waits until this holds; the test's own time limit ends it otherwise. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}
