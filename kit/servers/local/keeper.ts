import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { rootFolder } from '../../base/root.ts';
import { ServersUnavailable } from '../errors.ts';
import { isAnswering } from './is-answering.ts';
import { keptName } from './sweep.ts';

/** A server process with a folder of its own, both gone once `close()` is called or this process ends. */
export interface KeptServer {
  /** Its Unix socket. */
  socket: string;
  /** The end of its log once it has ended by itself; undefined where it has not within so long, ms. */
  ended(withinMs: number): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface KeptServerPlan {
  /** For messages: `'mariadbd'`. */
  name: string;
  /** What to write into the folder before the start; `start.sh` is a shell script that calls `run COMMAND`. */
  files: Record<string, string>;
  /** The socket's file name in the folder. */
  socket: string;
  /** Milliseconds until the socket answers. */
  timeoutMs: number;
}

/** Unix socket paths end at 104 bytes on macOS, 108 on Linux. */
const longestSocketPath = 103;

/** A folder that does not exist yet, private to this user, short enough for a socket in it. */
function freshFolder(socket: string): string {
  const name = keptName();
  const folder = join(tmpdir(), name);
  return Buffer.byteLength(join(folder, socket)) <= longestSocketPath ? folder : join('/tmp', name);
}

/** One shell word. @example shellWord("it's") // "'it'\\''s'" */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Starts a server under a keeper (keeper.sh), which ends it and removes its folder when this process ends,
 * however it ends. Resolves once the socket answers.
 *
 * @throws ServersUnavailable SERVER_FAILED with the last lines of the server's log.
 */
export async function startKept(plan: (folder: string) => KeptServerPlan): Promise<KeptServer> {
  const folder = freshFolder('redis-or-mysql.sock');
  const { name, files, socket: socketName, timeoutMs } = plan(folder);
  const socket = join(folder, socketName);
  const keeper = spawn('sh', [join(rootFolder(), 'kit', 'servers', 'keeper.sh'), folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  const ended = watch(keeper);
  try {
    mkdirSync(folder, { mode: 0o700 });
    for (const [file, content] of Object.entries(files)) {
      writeFileSync(join(folder, file), content, { mode: 0o600 });
    }
    keeper.stdin?.write('start\n');
    await untilAnswers(socket, timeoutMs, ended);
  } catch (error) {
    const log = await stop(keeper, ended);
    rmSync(folder, { recursive: true, force: true });
    throw new ServersUnavailable('SERVER_FAILED', startFailure(name, error, log), { cause: error });
  }
  return {
    socket,
    ended: (withinMs) => Promise.race([ended.log, delay(withinMs, undefined, { ref: false })]),
    close: async () => {
      await stop(keeper, ended);
    },
  };
}

interface Ending {
  over: boolean;
  /** Resolves to what the keeper printed: the end of the server's log. */
  log: Promise<string>;
}

function watch(keeper: ChildProcess): Ending {
  let log = '';
  keeper.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-4000);
  });
  // The keeper may be gone already when its pipe is closed.
  keeper.stdin?.on('error', () => {});
  const ending: Ending = {
    over: false,
    log: new Promise((resolve) => {
      const end = () => {
        ending.over = true;
        resolve(log);
      };
      keeper.once('close', end).once('error', (error) => {
        log += error.message;
        end();
      });
    }),
  };
  // Neither the keeper nor its pipes hold back the owner's exit.
  keeper.unref();
  (keeper.stdin as unknown as { unref?(): void })?.unref?.();
  (keeper.stderr as unknown as { unref?(): void })?.unref?.();
  return ending;
}

async function stop(keeper: ChildProcess, ending: Ending): Promise<string> {
  keeper.ref();
  keeper.stdin?.end();
  return ending.log;
}

async function untilAnswers(socket: string, timeoutMs: number, ending: Ending): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isAnswering(socket))) {
    if (ending.over) throw new Error('it ended at once');
    if (Date.now() > deadline) throw new Error(`no answer within ${timeoutMs / 1000} s`);
    await delay(5);
  }
}

function startFailure(name: string, error: unknown, log: string): string {
  const reason = error instanceof Error ? error.message : String(error);
  const tail = log.trim() ? `\nThe end of its log:\n${log.trim()}` : '';
  return `${name} did not start: ${reason}. Set LAB_SERVERS=containers, or MYSQL_URL and REDIS_URL, to use others.${tail}`;
}
