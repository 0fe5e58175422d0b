import { execa } from 'execa';
import { ServersUnavailable } from './errors.ts';
import { findMysql, findProgram, findRedis } from './local/binaries.ts';
import type { OnStep } from './servers.ts';

/** A server that local runs need and this machine lacks. */
export type MissingBinary = 'mysql' | 'redis';

/** What is known about the machine, all that a plan depends on. */
export interface InstallFacts {
  missing: readonly MissingBinary[];
  manager: 'apt' | 'brew' | 'none';
  /** `none` needed, `sudo` may be used (it may ask at the terminal), or `no` right to install. */
  rights: 'none' | 'sudo' | 'no';
  /** Packages that apt can install; not asked of brew. */
  known: readonly string[];
}

/** What would be installed system-wide, to be named before it happens. */
export interface InstallPlan {
  packages: readonly string[];
  /** `'mariadb-server-core and redis-tools, the servers that labs talk to; neither starts a system service'` */
  what: string;
  /** The exact commands, as a person would type them. */
  commands: readonly string[];
  /** The same for this program: environment, program, words. */
  command: readonly string[];
  /** What renews the package lists, for apt. */
  refresh?: readonly string[];
}

/**
 * The first of each that the machine's mirror has. None of them starts or enables a service: the packages
 * `mariadb-server` and `redis-server` do, but the server programs are in these (see findRedis).
 */
const aptPackages: Record<MissingBinary, readonly string[]> = {
  mysql: [
    'mariadb-server-core',
    'mariadb-server-core-10.6',
    'mariadb-server-core-10.5',
    'mysql-server-core-8.0',
  ],
  redis: ['redis-tools', 'valkey-tools'],
};

const brewPackages: Record<MissingBinary, string> = { mysql: 'mariadb', redis: 'redis' };

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
 * The plan for a machine of which this is known.
 *
 * @throws ServersUnavailable INSTALL_NOT_ALLOWED
 * @example planInstall({ missing: ['redis'], manager: 'brew', rights: 'none', known: [] }).commands // ['brew install redis']
 */
export function planInstall({ missing, manager, rights, known }: InstallFacts): InstallPlan {
  if (manager === 'none') {
    throw notAllowed(
      missing,
      'no package manager that this kit knows',
      'a mariadbd or mysqld and a redis-server',
    );
  }
  // With stale lists apt may not know even the first choice: then it is tried after a refresh.
  const packages = missing.map((server) =>
    manager === 'brew'
      ? brewPackages[server]
      : (aptPackages[server].find((name) => known.includes(name)) ?? aptPackages[server][0]!),
  );
  const names = packages.join(' ');
  if (manager === 'brew') {
    const command = ['brew', 'install', ...packages];
    return { packages, what: describe(packages), commands: [command.join(' ')], command };
  }
  if (rights === 'no') {
    throw notAllowed(
      missing,
      'this account may not install packages',
      `\`sudo apt-get install --no-install-recommends ${names}\``,
    );
  }
  const typed = `apt-get install -y --no-install-recommends ${names}`;
  const sudo = rights === 'sudo' ? ['sudo', '-n'] : [];
  const apt = [
    ...sudo,
    'env',
    'LC_ALL=C',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-o',
    'DPkg::Lock::Timeout=120',
  ];
  return {
    packages,
    what: describe(packages),
    commands: [rights === 'sudo' ? `sudo ${typed}` : typed],
    command: [...apt, 'install', '-y', '--no-install-recommends', ...packages],
    refresh: [...apt, 'update'],
  };
}

function describe(packages: readonly string[]): string {
  return `${packages.join(' and ')}, the servers that labs talk to; no system service is started`;
}

function notAllowed(missing: readonly MissingBinary[], because: string, needed: string): ServersUnavailable {
  const servers = missing.map((server) => (server === 'mysql' ? 'MySQL' : 'Redis')).join(' and ');
  return new ServersUnavailable(
    'INSTALL_NOT_ALLOWED',
    `${servers} is missing here, and ${because}: install ${needed}, start Docker, or set MYSQL_URL and REDIS_URL; then run this again.`,
  );
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
