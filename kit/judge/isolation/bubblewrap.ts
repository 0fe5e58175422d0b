import { bindSource } from './bind-source.ts';
import { type RunnerFiles, type RunnerProgram, runnerEnv, type Start } from './isolation.ts';
import { limited, TMP_BYTES } from './limits.ts';
import { insideOf, nodeInside, type Placed, programInside, SANDBOX_ROOT } from './sandbox-root.ts';

/** What is known of this machine's bubblewrap. */
export interface Bubblewrap {
  /** Absolute path of `bwrap`. */
  path: string;
  prlimit: string;
  /** From `libraries()`. */
  libraries: readonly string[];
  /** Options of newer versions that it has. */
  has: ReadonlySet<string>;
}

/** Who it is inside; outside it is somebody who owns nothing, or an ordinary user's own self. */
const INNER_USER = '1000';
const devices = ['null', 'zero', 'random', 'urandom'];

/**
 * How a runner starts in a world of its own: all namespaces, of the machine's files only those named here and read-only,
 * no network, a small empty /tmp, its own /proc, no right that it could win back. The limits are set inside: since Linux
 * 5.14 the count of processes then belongs to this world alone, so neighbours do not share one.
 */
export function startInBubblewrap(
  bubblewrap: Bubblewrap,
  program: RunnerProgram,
  { files, user }: { files: RunnerFiles; user: number | undefined },
): Start {
  const { path, prlimit } = bubblewrap;
  const at = (file: string) => (user === undefined ? file : bindSource(file));
  const inside = insideOf(files);
  const places = [
    [at(process.execPath), `${SANDBOX_ROOT}/node`],
    ...[...programInside(program), [files.lab, inside.lab] as const].map(
      ([from, to]) => [at(from), to] as const,
    ),
  ] as const;
  // A socket stays where it is: a copy would be none. Read-only concerns its name, not what is said through it.
  const sockets = [
    [files.redis, inside.redis],
    [files.mysql, inside.mysql],
  ].flatMap(([from, to]) => (from && to ? ['--ro-bind-try', from, to] : []));
  const args = bare({ ...bubblewrap, at }, { places, more: sockets, cwd: '/tmp' });
  return {
    file: path,
    args: [...args, '--', ...limited(nodeInside(program), { nproc: true, prlimit })],
    cwd: '/',
    env: runnerEnv,
    ...(user === undefined ? {} : { user }),
    inside,
    above: 2,
  };
}

/** What a program may be shown in a world of its own. */
export interface Shown {
  /** Files and folders, read-only, each with where it is seen. */
  places: readonly Placed[];
  /** Further words for bubblewrap. */
  more?: readonly string[];
  /** The folder that it starts in, as it sees it. */
  cwd: string;
}

/**
 * Bubblewrap's words for a world without network, rights and other processes, in which a program sees the libraries of
 * this machine, prlimit, what it is shown, and an empty /tmp. The command comes after them, behind `--`.
 */
export function bare(
  { prlimit, libraries, has, at = (file) => file }: Bubblewrap & { at?: (file: string) => string },
  { places, more = [], cwd }: Shown,
): string[] {
  return [
    ...['--unshare-user', '--unshare-all', '--unshare-cgroup-try', '--die-with-parent', '--new-session'],
    ...['--hostname', 'lab', '--uid', INNER_USER, '--gid', INNER_USER, '--cap-drop', 'ALL'],
    ...(has.has('--disable-userns') ? ['--disable-userns'] : []),
    ...[...libraries, prlimit].flatMap((file) => ['--ro-bind', at(file), file]),
    ...places.flatMap(([from, to]) => ['--ro-bind', from, to]),
    ...more,
    ...devices.flatMap((name) => ['--dev-bind-try', `/dev/${name}`, `/dev/${name}`]),
    ...['--proc', '/proc'],
    ...(has.has('--size') ? ['--size', String(TMP_BYTES), '--tmpfs', '/tmp'] : ['--dir', '/tmp']),
    ...['--remount-ro', '/', '--chdir', cwd],
  ];
}
