import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ownFolder } from '../../base/own-folder.ts';
import { type Engine, hostOf } from '../../servers/containers/engine.ts';
import { removeAtEnd } from '../../servers/containers/reaper.ts';
import { containerBindSource } from './bind-source.ts';
import { type RunnerFiles, type RunnerProgram, runnerEnv, type Start } from './isolation.ts';
import { limits, TMP_BYTES } from './limits.ts';
import { insideOf, nodeInside, programInside, SANDBOX_ROOT } from './sandbox-root.ts';
import { containerUser } from './user.ts';

/** What is known of this machine's engine. */
export interface Containers {
  engine: Engine;
  /** Absolute path of the `docker` program. */
  docker: string;
  /** coreutils' `timeout`, the first process inside: the kernel keeps a first process from ending itself by a signal. */
  timeout: string;
  /** From `libraries()`. */
  libraries: readonly string[];
  /** Whether the engine can bound memory; else the limit of the process's own data stands alone. */
  boundsMemory: boolean;
}

/** An image without a single file: what a runner needs is put in from this machine. */
export const IMAGE = 'storelab-nothing:1';

const MB = 1024 * 1024;
const mine = `${process.pid}-${randomBytes(6).toString('hex')}`;
/** Containers of this process bear it. */
export const LABEL = `storelab.runner=${mine}`;
let started = 0;
let folder: string | undefined;

/** Where the sockets of this process's runners lie: nobody else may enter, and a container gets only its own. */
function socketFolder(): string {
  folder ??= ownFolder('listen');
  return folder;
}

/**
 * How a runner starts in a container of its own: no network, of the machine's files only those named here and read-only,
 * a small empty /tmp, no right that it could win back. The program that is spawned watches the container and ends as it
 * does; the container is removed with it, and, whatever becomes of this process, at the latest after it.
 */
export function startInContainer(
  { engine, docker, timeout, libraries, boundsMemory }: Containers,
  program: RunnerProgram,
  { files }: { files: RunnerFiles },
): Start {
  removeAtEnd(LABEL, { host: hostOf(engine) });
  const number = ++started;
  const name = `storelab-runner-${mine}-${number}`;
  const [channel, watchdog] = ['c', 'w'].map((kind) => join(socketFolder(), `${kind}${number}`)) as [
    string,
    string,
  ];
  const inside = insideOf(files);
  const put = (from: string, to: string) => mount(containerBindSource(from), to);
  const reach = (from: string | undefined, to: string | undefined) =>
    from && to && existsSync(from) ? mount(from, to) : [];
  const user = containerUser();
  const memory = String(limits.data + TMP_BYTES + 64 * MB);
  // The engine counts processes by container, not by user: `nproc` would be shared by neighbours.
  const { nproc, ...rest } = limits;
  const args = [
    ...['--host', hostOf(engine), 'run', '--rm', '--pull', 'never', '--name', name, '--label', LABEL],
    ...['--network', 'none', '--ipc', 'none', '--hostname', 'lab', '--log-driver', 'none'],
    ...['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...['--user', `${user}:${user}`, '--pids-limit', String(nproc)],
    ...(boundsMemory ? ['--memory', memory, '--memory-swap', memory] : []),
    ...Object.entries(rest).flatMap(([what, most]) => ['--ulimit', `${what}=${most}`]),
    // Owned by the runner's user: an engine may give it the mode of the folder below, which root alone may write to.
    ...['--tmpfs', `/tmp:rw,nosuid,nodev,noexec,uid=${user},gid=${user},size=${TMP_BYTES}`],
    ...['--workdir', '/tmp'],
    ...Object.entries(runnerEnv).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...['--env', `LAB_CHANNEL=${SANDBOX_ROOT}/channel`, '--env', `LAB_WATCHDOG=${SANDBOX_ROOT}/watchdog`],
    ...libraries.flatMap((file) => put(file, file)),
    ...put(timeout, `${SANDBOX_ROOT}/timeout`),
    ...put(process.execPath, `${SANDBOX_ROOT}/node`),
    ...programInside(program).flatMap(([from, to]) => put(from, to)),
    ...put(files.lab, inside.lab),
    ...reach(files.redis, inside.redis),
    ...reach(files.mysql, inside.mysql),
    ...mount(channel, `${SANDBOX_ROOT}/channel`),
    ...mount(watchdog, `${SANDBOX_ROOT}/watchdog`),
  ];
  return {
    file: docker,
    args: [...args, IMAGE, `${SANDBOX_ROOT}/timeout`, '0', ...nodeInside(program)],
    cwd: '/',
    // Not the user's own settings: they could name another engine, or put variables into every container.
    env: { PATH: process.env.PATH ?? '', HOME: '/', DOCKER_CONFIG: '/nonexistent' },
    inside,
    above: 1,
    container: { engine, name, channel, watchdog },
  };
}

/** The option that puts one file in; it takes a row of comma-separated values. */
function mount(from: string, to: string): string[] {
  const field = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return ['--mount', ['type=bind', field(`src=${from}`), field(`dst=${to}`), 'readonly'].join(',')];
}
