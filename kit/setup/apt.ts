import { existsSync, readdirSync } from 'node:fs';
import { atTerminal, type SystemInstall } from './consent.ts';
import { diagnose, SetupFailed } from './failure.ts';
import { lastLines, run } from './run-program.ts';
import type { Tell } from './run-step.ts';

/** Debian or Ubuntu packages, and the rights to install them. */
export interface AptPlan extends SystemInstall {
  names: readonly string[];
  sudo: boolean;
}

/** Whether this is a system whose packages come by apt. */
export async function hasApt(): Promise<boolean> {
  return process.platform === 'linux' && (await run('apt-get', ['--version'])).ok;
}

/** Whether apt knows a version of this package to install. */
export async function aptKnows(name: string): Promise<boolean> {
  const { output } = await run('apt-cache', ['policy', name], { env: { LC_ALL: 'C' } });
  return /Candidate: (?!\(none\))/.test(output);
}

const installWords = ['apt-get', 'install', '-y', '--no-install-recommends'];

/**
 * What installing these packages takes: nothing more for root, sudo where it may be used or can ask for a password.
 *
 * @param purpose completes "python3-venv, which ...": `makes the environment for JupyterLab`
 * @throws SetupFailed `no-rights`, with the command for an administrator.
 */
export async function planApt(names: readonly string[], purpose: string): Promise<AptPlan> {
  const isRoot = process.getuid?.() === 0;
  const sudo = !isRoot && (await run('sudo', atTerminal() ? ['--version'] : ['-n', 'true'])).ok;
  if (!isRoot && !sudo) {
    throw new SetupFailed(
      'no-rights',
      `${names.join(' and ')} is missing, which ${purpose}, and this account may not install packages. Ask an administrator for:  sudo apt install ${names.join(' ')}  then run this again.`,
    );
  }
  const command = [...(sudo ? ['sudo'] : []), ...installWords, ...names].join(' ');
  return { names, sudo, what: `${names.join(', ')}, which ${purpose}`, commands: [command] };
}

/**
 * Installs what was planned and agreed to. Package lists are fetched where there are none, or where they are old.
 *
 * @throws SetupFailed `no-network`, `no-disk`, `no-package` or `failed`, with the command to try by hand.
 */
export async function runApt(plan: AptPlan, options: { signal?: AbortSignal; tell: Tell }): Promise<void> {
  const { names, sudo } = plan;
  const apt = (args: readonly string[]) => {
    const words = [
      ...(sudo ? ['sudo', '-n'] : []),
      'env',
      'LC_ALL=C',
      'DEBIAN_FRONTEND=noninteractive',
      ...args,
    ];
    return run(words[0]!, words.slice(1), {
      signal: options.signal,
      onLine: (line) => options.tell(line.trim()),
    });
  };
  const lists = '/var/lib/apt/lists';
  const noLists = !existsSync(lists) || !readdirSync(lists).some((file) => file.endsWith('_Packages'));
  if (noLists) await apt(['apt-get', 'update']);
  let result = await apt([...installWords, ...names]);
  // Old lists name versions that the mirror no longer has.
  if (!result.ok && !noLists && (await apt(['apt-get', 'update'])).ok)
    result = await apt([...installWords, ...names]);
  if (!result.ok) throw aptFailed(result.output, `sudo apt install ${names.join(' ')}`);
}

function aptFailed(output: string, byHand: string): SetupFailed {
  const unknown = /Unable to locate package|has no installation candidate/.test(output);
  const code = unknown ? 'no-package' : diagnose(output);
  const because: Partial<Record<typeof code, string>> = {
    'no-disk': 'The disk is full (see: df -h).',
    'no-network': "The system's package mirror cannot be reached.",
    'no-package': 'This system knows no such package.',
  };
  return new SetupFailed(
    code,
    `${lastLines(output)}\n${because[code] ?? 'apt could not install it.'} Try by hand:  ${byHand}  then run this again.`,
  );
}
