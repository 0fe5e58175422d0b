import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, type Options } from 'execa';

/** A machine as the set-up sees it: a PATH with the plain tools, and the programs that a test puts there. */
export interface Machine {
  folder: string;
  /** The folder that is the PATH. */
  bin: string;
  /** Puts a shell script on the PATH: `machine.program('npm', 'echo ENOSPC >&2; exit 1')`. */
  program(name: string, script: string): void;
  /** Runs a program there, with nothing of this process's environment. */
  run(
    file: string,
    args?: readonly string[],
    options?: Options,
  ): Promise<{ exitCode: number; stdout: string; stderr: string }>;
  remove(): Promise<void>;
}

const tools = [
  'sh',
  'bash',
  'cat',
  'sed',
  'grep',
  'tail',
  'head',
  'dirname',
  'readlink',
  'mkdir',
  'rm',
  'mv',
  'ln',
  'env',
].concat(['cksum', 'date', 'sleep', 'find', 'wc', 'printf', 'id', 'touch', 'cp', 'true', 'uname', 'chmod']);

export function bareMachine(): Machine {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'storelab-test-')));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const tool of tools) {
    const found = ['/bin', '/usr/bin'].map((place) => join(place, tool)).find(exists);
    if (found) symlinkSync(found, join(bin, tool));
  }
  return {
    folder,
    bin,
    program(name, script) {
      const file = join(bin, name);
      // A plain tool is a link to this machine's own: written through, it would be overwritten for everybody.
      rmSync(file, { force: true });
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
    },
    async run(file, args = [], options = {}) {
      const { env, ...rest } = options;
      const result = await execa(file, args, {
        cwd: folder,
        stdin: 'ignore',
        reject: false,
        extendEnv: false,
        ...rest,
        env: { PATH: bin, HOME: folder, TMPDIR: folder, ...env },
      });
      return {
        exitCode: result.exitCode ?? -1,
        stdout: String(result.stdout),
        stderr: String(result.stderr),
      };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function exists(file: string): boolean {
  try {
    return realpathSync(file) !== '';
  } catch {
    return false;
  }
}
