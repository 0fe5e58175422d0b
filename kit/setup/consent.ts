import { confirm, isCancel } from '@clack/prompts';
import { SetupFailed } from './failure.ts';
import { run } from './run-program.ts';

/** Something that set-up would install for the whole machine. */
export interface SystemInstall {
  /** What it is and what it is for: `python3-venv, which makes the environment for JupyterLab`. */
  what: string;
  /** The exact commands, with sudo where it takes that. */
  commands: readonly string[];
}

/**
 * Asks for the installs that were not asked for yet.
 *
 * @throws SetupFailed `declined`, with the commands to run by hand.
 */
export type Agree = (...installs: readonly SystemInstall[]) => Promise<void>;

/**
 * One conversation about system-wide installs: each is named, and where a person sits at the terminal they are asked
 * once for all of them. Without a terminal, or with `yes`, they are named and go ahead.
 *
 * @example
 * const agree = consent({ yes: false });
 * await agree({ what: 'redis-tools, which holds the Redis server', commands: ['sudo apt-get install redis-tools'] });
 */
export function consent({ yes, signal }: { yes?: boolean; signal?: AbortSignal } = {}): Agree {
  const answers = new Map<string, boolean>();
  return async (...installs) => {
    const commandsOf = (some: readonly SystemInstall[]) => some.flatMap(({ commands }) => commands);
    const fresh = installs.filter(({ commands }) => commands.some((command) => !answers.has(command)));
    if (fresh.length > 0) {
      for (const { what, commands } of fresh) {
        console.error(`  System-wide install: ${what}`);
        for (const command of commands) console.error(`    ${command}`);
      }
      const agreed = yes || !atTerminal() || (await askYesNo('Install it?', { signal }));
      for (const command of commandsOf(fresh)) answers.set(command, agreed);
      // The password is asked for now, before a moving line would write over the question.
      if (agreed && atTerminal() && commandsOf(fresh).some((command) => command.startsWith('sudo '))) {
        await run('sudo', ['-v'], { signal, terminal: true });
      }
    }
    const commands = commandsOf(installs);
    if (commands.every((command) => answers.get(command))) return;
    throw new SetupFailed(
      'declined',
      `Nothing was installed. Install it yourself:  ${commands.join(' && ')}  then run this again.`,
    );
  };
}

/** Whether a person can be asked. */
export function atTerminal(): boolean {
  return Boolean(process.stdin.isTTY && process.stderr.isTTY);
}

/**
 * Asks a person at the terminal for a yes or a no.
 *
 * @param initialValue what Enter alone says, default yes.
 * @throws SetupFailed `stopped` where they press Ctrl-C.
 */
export async function askYesNo(
  message: string,
  { signal, initialValue = true }: { signal?: AbortSignal | undefined; initialValue?: boolean } = {},
): Promise<boolean> {
  const answer = await confirm({ message, output: process.stderr, signal, initialValue });
  if (isCancel(answer)) throw new SetupFailed('stopped', 'Stopped.');
  return answer;
}

/** Asks for a yes to what is not harmless: Enter alone says no. */
export const askCautiously = (message: string): Promise<boolean> =>
  askYesNo(message, { initialValue: false });
