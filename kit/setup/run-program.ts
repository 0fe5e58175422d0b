import { execa } from 'execa';
import { SetupFailed } from './failure.ts';

/** What a program that set-up ran left behind. */
export interface RunResult {
  ok: boolean;
  /** Both streams, as they came. */
  output: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string | undefined>;
  /** Aborted: the program is stopped and `SetupFailed` with the code `stopped` is thrown. */
  signal?: AbortSignal;
  /** Called with each line of either stream as it comes. */
  onLine?: (line: string) => void;
  /** Lets the program ask at the terminal (sudo's password); its output is then not kept. */
  terminal?: boolean;
}

/**
 * Runs a program to its end and keeps what it printed; a program that fails, or is not there, is a result.
 *
 * @throws SetupFailed with the code `stopped` when `signal` is aborted.
 * @example (await run('python3', ['--version'])).output // 'Python 3.13.5'
 */
export async function run(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { signal, onLine, terminal, env, cwd } = options;
  const child = execa(file, args, {
    cwd,
    env,
    cancelSignal: signal,
    forceKillAfterDelay: 3000,
    all: true,
    reject: false,
    stdin: terminal ? 'inherit' : 'ignore',
    ...(terminal ? { stdout: 'inherit', stderr: 'inherit' } : {}),
  });
  if (onLine && !terminal) {
    for await (const line of child.iterable({ from: 'all', preserveNewlines: false })) onLine(line);
  }
  const result = await child;
  if (result.isCanceled) throw new SetupFailed('stopped', 'Stopped.');
  const output = String(result.all ?? '');
  return { ok: !result.failed, output: output || String(result.shortMessage ?? '') };
}

/**
 * The last lines of what a program printed, indented, for a message.
 *
 * @example lastLines('a\nb\nc', 2) // '    b\n    c'
 */
export function lastLines(output: string, count = 6): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(-count)
    .map((line) => `    ${line.length > 160 ? `${line.slice(0, 159)}…` : line}`)
    .join('\n');
}
