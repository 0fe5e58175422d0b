import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { shellWord } from '../servers/local/keeper.ts';
import { keptName } from '../servers/local/sweep.ts';
import { descendants, stillRunning } from './descendants.ts';
import { SetupFailed } from './failure.ts';
import { jupyterEnv } from './jupyter-home.ts';
import { lastLines } from './run-program.ts';

/** A JupyterLab that answers. */
export interface JupyterServer {
  /** With its token, at the notebook: open it in a browser. */
  url: string;
  /** A local page that leads there: opening it shows the token to no other user of the machine. */
  page: string;
  /** Resolves when the server has ended, by itself too. */
  ended: Promise<void>;
  /** Shuts the kernels down, then the server; what still runs after 10 seconds is killed. */
  close(): Promise<void>;
}

export interface JupyterPlan {
  /** The Python that has JupyterLab. */
  python: string;
  port: number;
  /** What to open, from the root folder: `notebooks/01-initial-sync.ipynb`. */
  notebook: string;
  signal?: AbortSignal;
}

const readyWithinMs = 60_000;
const closeWithinMs = 10_000;

/**
 * Starts JupyterLab on loopback with a fresh token, under the keeper that local servers have: however this process
 * ends, the server ends too, and its temporary folder goes.
 *
 * @throws SetupFailed with the end of its log; `port-taken` where another program took the port meanwhile.
 */
export async function startJupyter(root: string, plan: JupyterPlan): Promise<JupyterServer> {
  const { port, notebook, signal } = plan;
  const token = randomBytes(24).toString('hex');
  const folder = join(tmpdir(), keptName());
  const keeper = spawn('sh', [join(root, 'kit', 'servers', 'keeper.sh'), folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...jupyterEnv(root, { runtime: join(folder, 'runtime') }), JUPYTER_TOKEN: token },
  });
  const log = collect(keeper);
  const over = { yet: false };
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      over.yet = true;
      resolve();
    };
    keeper.once('close', end).once('error', end);
  });
  const base = `http://127.0.0.1:${port}`;
  const ask = (path: string, method = 'GET') =>
    fetch(`${base}${path}`, { method, headers: { authorization: `token ${token}` } }).then(
      (answer) => answer.ok,
      () => false,
    );
  const close = async () => {
    if (over.yet) return;
    const family = await descendants(keeper.pid ?? -1);
    if (await ask('/api/shutdown', 'POST'))
      await Promise.race([ended, delay(closeWithinMs, undefined, { ref: false })]);
    keeper.stdin?.end();
    await ended;
    for (const { pid } of await stillRunning(family)) kill(pid);
  };
  try {
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, 'start.sh'), startScript(root, plan), { mode: 0o600 });
    keeper.stdin?.write('start\n');
    const deadline = Date.now() + readyWithinMs;
    while (!(await ask('/api/status'))) {
      if (over.yet) throw didNotStart(root, port, log());
      if (signal?.aborted) throw new SetupFailed('stopped', 'Stopped.');
      if (Date.now() > deadline)
        throw didNotStart(root, port, `${log()}\nno answer within ${readyWithinMs / 1000} s`);
      await delay(50);
    }
  } catch (error) {
    await close();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const url = `${base}/lab/tree/${notebook}?token=${token}`;
  const page = join(folder, 'open.html');
  writeFileSync(page, `<!doctype html><meta http-equiv="refresh" content="0; url=${url}">\n`, {
    mode: 0o600,
  });
  return { url, page, ended, close };
}

function startScript(root: string, { python, port, notebook }: JupyterPlan): string {
  const words = [python, '-m', 'jupyterlab', `--ServerApp.root_dir=${root}`, `--ServerApp.port=${port}`];
  words.push(`--LabApp.default_url=/lab/tree/${notebook}`);
  if (process.getuid?.() === 0) words.push('--allow-root');
  return `cd ${shellWord(root)}\nrun ${words.map(shellWord).join(' ')}\n`;
}

function collect(keeper: ChildProcess): () => string {
  let text = '';
  keeper.stdin?.on('error', () => {});
  keeper.stderr?.setEncoding('utf8').on('data', (part: string) => {
    text = (text + part).slice(-4000);
  });
  return () => text;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended just now.
  }
}

function didNotStart(root: string, port: number, log: string): SetupFailed {
  if (/port .*(already )?in use|Address already in use/i.test(log)) {
    return new SetupFailed(
      'port-taken',
      `Port ${port} was taken by another program just now: run this again.`,
    );
  }
  return new SetupFailed(
    'failed',
    `${lastLines(log, 12)}\nJupyterLab did not start. Make its environment anew:  rm -rf "${root}/.venv" "${root}/.lab/jupyter"  then run this again.`,
  );
}
