import { execa } from 'execa';
import { ServersUnavailable } from './errors.ts';
import { findMysql, findProgram } from './local/binaries.ts';
import { findRedis } from './local/redis-program.ts';
import {
  aptPackages,
  type InstallFacts,
  type InstallPlan,
  type MissingBinary,
  planInstall,
} from './plan-install.ts';
import type { OnStep } from './servers.ts';

export type { InstallPlan, MissingBinary };

/** The servers that this machine lacks for the source `local`. */
export function missingBinaries(): MissingBinary[] {
  const missing: MissingBinary[] = [];
  if (!findMysql()) missing.push('mysql');
  if (!findRedis()) missing.push('redis');
  return missing;
}

/**
 * What installing these takes on this machine; nothing is changed yet.
 *
 * @throws ServersUnavailable INSTALL_NOT_ALLOWED whose message is the command for whoever may
 */
export async function installPlan(
  missing: readonly MissingBinary[] = missingBinaries(),
): Promise<InstallPlan> {
  return planInstall({ missing, ...(await lookAround(missing)) });
}

async function lookAround(missing: readonly MissingBinary[]): Promise<Omit<InstallFacts, 'missing'>> {
  if (process.platform === 'darwin') {
    return { manager: findProgram(['brew']) ? 'brew' : 'none', rights: 'none', known: [] };
  }
  if (!findProgram(['apt-get'])) return { manager: 'none', rights: 'no', known: [] };
  const candidates = missing.flatMap((server) => aptPackages[server]);
  const { stdout = '' } = await execa('apt-cache', ['policy', ...candidates], {
    env: { LC_ALL: 'C' },
    reject: false,
  });
  const known = candidates.filter((name) =>
    new RegExp(`^${name}:\\n.*\\n +Candidate: (?!\\(none\\))`, 'm').test(stdout),
  );
  return { manager: 'apt', rights: await installRights(), known };
}

async function installRights(): Promise<InstallFacts['rights']> {
  if (process.getuid?.() === 0) return 'none';
  if (!findProgram(['sudo'])) return 'no';
  if (process.stdin.isTTY && process.stderr.isTTY) return 'sudo';
  const { failed } = await execa('sudo', ['-n', 'true'], { reject: false });
  return failed ? 'no' : 'sudo';
}

/**
 * Installs what was planned and agreed to, then looks whether the servers are there. With sudo it takes the rights
 * that `sudo -v` has unlocked before: it never asks for a password under a moving line.
 *
 * @param onStep hears the package manager's lines
 * @throws ServersUnavailable INSTALL_FAILED with its last lines and the command to try by hand
 */
export async function runInstall(
  plan: InstallPlan,
  { onStep = () => {}, signal }: { onStep?: OnStep; signal?: AbortSignal } = {},
): Promise<void> {
  const run = async (command: readonly string[]) => {
    const child = execa(command[0]!, command.slice(1), {
      all: true,
      cancelSignal: signal,
      reject: false,
      stdin: 'ignore',
    });
    for await (const line of child.iterable({ from: 'all' }))
      if (String(line).trim()) onStep(String(line).trim());
    return child;
  };
  let result = await run(plan.command);
  // Lists that are missing or old: they name no package, or versions that the mirror no longer has.
  if (result.failed && plan.refresh && !result.isCanceled) {
    await run(plan.refresh);
    result = await run(plan.command);
  }
  const missing = missingBinaries();
  if (!result.failed && missing.length === 0) return;
  const last = String(result.all ?? result.shortMessage ?? '')
    .trim()
    .split('\n')
    .slice(-5)
    .join('\n');
  throw new ServersUnavailable(
    'INSTALL_FAILED',
    `Could not install ${plan.packages.join(' and ')}. Try \`${plan.commands.join(' && ')}\` by hand, then run this again.\n${last}`,
  );
}
