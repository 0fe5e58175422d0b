import { findProgram } from '../../servers/local/binaries.ts';

const MB = 1024 * 1024;

/** What one runner may use at most. Exceeding one is the end of the process, or an error inside it. */
export const limits = {
  /** Writable memory, bytes, of which V8 reserves 512 MB for machine code: about 700 MB are left to be used. */
  data: 1280 * MB,
  /** Processes and threads. Node itself has about ten. */
  nproc: 64,
  /** Processor time of one runner, seconds. A single endless loop is found long before. */
  cpu: 120,
  /** The longest file, bytes. */
  fsize: 32 * MB,
  nofile: 512,
  core: 0,
} as const;

/** All of /tmp in a runner, bytes. */
export const TMP_BYTES = 16 * MB;

export interface LimitOptions {
  /** False where the count would include the user's other processes. */
  nproc: boolean;
  /** Where prlimit lies for the process that is limited. */
  prlimit?: string | undefined;
}

/**
 * The words to put before a command so that it runs within the limits. Without prlimit (macOS) a shell sets those
 * that it knows.
 *
 * @example limited(['node'], { nproc: true, prlimit: '/usr/bin/prlimit' }) // ['/usr/bin/prlimit', '--data=1073741824', ..., 'node']
 */
export function limited(command: readonly string[], { nproc, prlimit }: LimitOptions): string[] {
  if (prlimit) {
    const words = Object.entries(limits)
      .filter(([name]) => nproc || name !== 'nproc')
      .map(([name, most]) => `--${name}=${most}`);
    return [prlimit, ...words, ...command];
  }
  const { core, cpu, fsize, nofile } = limits;
  const set = [`-c ${core}`, `-t ${cpu}`, `-f ${fsize / 512}`, `-n ${nofile}`];
  const script = `${set.map((one) => `ulimit ${one} 2>/dev/null`).join('; ')}; exec "$0" "$@"`;
  return ['/bin/sh', '-c', script, ...command];
}

/** util-linux's prlimit, where this machine has it. */
export const findPrlimit = (): string | undefined => findProgram(['prlimit']);
