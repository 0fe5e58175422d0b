import { confirm, isCancel } from '@clack/prompts';
import { SetupFailed } from './failure.ts';

/** Something that set-up would install for the whole machine. */
export interface SystemInstall {
  /** What it is and what it is for: `python3-venv, which makes the environment for JupyterLab`. */
  what: string;
  /** The exact commands, with sudo where it takes that. */
  commands: readonly string[];
}

/**
 * Names what would be installed system-wide and, where a person sits at the terminal, asks. Without a terminal, or
 * with `yes`, it is named and goes ahead.
 *
 * @throws SetupFailed `declined`, with the commands to run by hand.
 */
export async function agreeTo(
  { what, commands }: SystemInstall,
  { yes, signal }: { yes?: boolean; signal?: AbortSignal } = {},
): Promise<void> {
  console.error(`  System-wide install: ${what}`);
  for (const command of commands) console.error(`    ${command}`);
  if (yes || !process.stdin.isTTY || !process.stderr.isTTY) return;
  const answer = await confirm({ message: 'Install it?', output: process.stderr, signal });
  if (isCancel(answer)) throw new SetupFailed('stopped', 'Stopped.');
  if (!answer) {
    throw new SetupFailed(
      'declined',
      `Nothing was installed. Install it yourself:  ${commands.join(' && ')}  then run this again.`,
    );
  }
}
