import { spawnSync } from 'node:child_process';
import type { ClientProgram } from '../servers/client-program.ts';

/**
 * Lets a program take the place of this process: the terminal, Ctrl-C and the exit code are its own. Where Node cannot hand
 * over (before 22.15), it waits for the program's end.
 */
export function handOver({ file, words, env }: ClientProgram): never {
  const all = { ...process.env, ...env } as Record<string, string>;
  if (process.execve) process.execve(file, [file, ...words], all);
  process.exit(spawnSync(file, [...words], { stdio: 'inherit', env: all }).status ?? 130);
}
