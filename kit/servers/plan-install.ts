import { ServersUnavailable } from './errors.ts';

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
export const aptPackages: Record<MissingBinary, readonly string[]> = {
  mysql: [
    'mariadb-server-core',
    'mariadb-server-core-10.6',
    'mariadb-server-core-10.5',
    'mysql-server-core-8.0',
  ],
  redis: ['redis-tools', 'valkey-tools'],
};

const brewPackages: Record<MissingBinary, string> = { mysql: 'mariadb', redis: 'redis' };

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
    `${servers} ${missing.length > 1 ? 'are' : 'is'} missing here, and ${because}: install ${needed}, start Docker, or set MYSQL_URL and REDIS_URL; then run this again.`,
  );
}
