/**
 * Every lab file imports this, so that it can be started as a program: `npx tsx labs/01-initial-sync.ts` or, on Node 24,
 * `node labs/01-initial-sync.ts` plays the lab exactly as `./lab 01` does. A lab file that a notebook, a test or another
 * program imports runs nothing.
 */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const [, started = '', ...options] = process.argv;
const command = playsLab(started);
if (command) become(command.launcher, [command.number, ...options]);

/** The launcher `lab` beside the folder `labs` that this file lies in, and the file's number; undefined for any other file. */
function playsLab(file: string): { launcher: string; number: string } | undefined {
  const path = existsSync(file) ? realpathSync(file) : file;
  const number = /^(\d\d)-/.exec(basename(path))?.[1];
  const launcher = join(dirname(dirname(path)), 'lab');
  if (!number || basename(dirname(path)) !== 'labs' || !existsSync(launcher)) return undefined;
  return { launcher, number };
}

/**
 * The program takes the place of this process, so that Ctrl-C and the exit code are its own. A Node older than 22.15 cannot
 * do that: it waits for the program, and hands on the signals that end a process.
 */
function become(program: string, words: string[]): void {
  if (process.execve) process.execve(program, [program, ...words]);
  const child = spawn(program, words, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 130));
}
