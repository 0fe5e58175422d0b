import { bindSource } from './bind-source.ts';
import { type RunnerFiles, type RunnerProgram, runnerEnv, type Start } from './isolation.ts';
import { limited, TMP_BYTES } from './limits.ts';
import { insideOf, nodeInside, programInside, SANDBOX_ROOT } from './sandbox-root.ts';

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
  const { path, prlimit, libraries, has } = bubblewrap;
  const at = (file: string) => (user === undefined ? file : bindSource(file));
  const inside = insideOf(files);
  const put = (from: string, to: string) => ['--ro-bind', at(from), to];
  // A socket stays where it is: a copy would be none. Read-only concerns its name, not what is said through it.
  const reach = (from: string | undefined, to: string | undefined) =>
    from && to ? ['--ro-bind-try', from, to] : [];
  const args = [
    ...['--unshare-user', '--unshare-all', '--unshare-cgroup-try', '--die-with-parent', '--new-session'],
    ...['--hostname', 'lab', '--uid', INNER_USER, '--gid', INNER_USER, '--cap-drop', 'ALL'],
    ...(has.has('--disable-userns') ? ['--disable-userns'] : []),
    ...[...libraries, prlimit].flatMap((file) => put(file, file)),
    ...put(process.execPath, `${SANDBOX_ROOT}/node`),
    ...programInside(program).flatMap(([from, to]) => put(from, to)),
    ...put(files.lab, inside.lab),
    ...reach(files.redis, inside.redis),
    ...reach(files.mysql, inside.mysql),
    ...devices.flatMap((name) => ['--dev-bind-try', `/dev/${name}`, `/dev/${name}`]),
    ...['--proc', '/proc'],
    ...(has.has('--size') ? ['--size', String(TMP_BYTES), '--tmpfs', '/tmp'] : ['--dir', '/tmp']),
    ...['--remount-ro', '/', '--chdir', '/tmp'],
  ];
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
