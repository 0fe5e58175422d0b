import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../../base/root.ts';
import { writeWhole } from '../../base/write-whole.ts';
import { type RunnerProgram, runnerEnv } from '../isolation/isolation.ts';
import { commonFlags } from '../isolation/node-flags.ts';
import { lazyBuiltins } from './lazy-builtins.ts';
import { prune } from './prune.ts';
import { startSource } from './start-source.ts';

const parts = [
  'kit/judge/runner/lazy-builtins.ts',
  'kit/judge/runner/load.ts',
  'kit/judge/runner/main.ts',
  'kit/judge/runner/fence.ts',
  'kit/judge/runner/packages.ts',
  'kit/judge/runner/package-names.ts',
  'kit/judge/runner/value.ts',
  'kit/judge/runner/protocol.ts',
  'kit/judge/runner/watchdog.ts',
  'kit/judge/runner/unanswered.ts',
  'kit/servers/clients.ts',
  'package-lock.json',
];

/** Where files made from sources are kept between runs; git ignores it. */
export const cacheFolder = (): string => join(rootFolder(), '.lab', 'cache');
/** Where files of students lie that were made ready to load. */
export const transpiledFolder = (): string => join(cacheFolder(), 'labs');

/** Without BullMQ and with it. */
const made = new Map<boolean, Promise<RunnerProgram>>();

/**
 * The runner with its clients in one file, what V8 compiles of it, and a snapshot of the heap of a Node that has loaded
 * it, built once for each state of its sources: a runner then starts in about 25 ms in place of 195.
 * BullMQ would make each start a quarter longer: only a file that imports it gets a runner that holds it.
 *
 * @returns paths under `.lab/cache`.
 */
export function runnerProgram({ bullmq = false } = {}): Promise<RunnerProgram> {
  const there = made.get(bullmq) ?? make(bullmq);
  made.set(bullmq, there);
  there.catch(() => made.delete(bullmq));
  return there;
}

async function make(bullmq: boolean): Promise<RunnerProgram> {
  const root = rootFolder();
  const hash = createHash('sha256').update(process.version).update(commonFlags.join(' ')).update(startSource);
  for (const part of await Promise.all(parts.map((path) => readFile(join(root, path))))) hash.update(part);
  const current = `runner-${hash.digest('hex').slice(0, 16)}`;
  const name = join(cacheFolder(), `${current}${bullmq ? '-bullmq' : ''}`);
  const program = { start: `${name}.start.cjs`, runner: `${name}.cjs`, code: `${name}.v8` };
  const heap = `${name}.blob`;
  const whole = () => (existsSync(heap) ? { ...program, heap } : program);
  if (existsSync(program.code)) return whole();
  await mkdir(cacheFolder(), { recursive: true });
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(root, 'kit/judge/runner/main.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    charset: 'ascii',
    define: { WITH_BULLMQ: String(bullmq) },
    plugins: [lazyBuiltins],
    write: false,
    logLevel: 'silent',
  });
  await writeWhole(program.start, startSource);
  await writeWhole(program.runner, outputFiles[0]!.text);
  await keepHeap(program.runner, heap);
  await compile(program);
  await prune(cacheFolder(), { prefix: 'runner-', keep: (file) => file.startsWith(current) });
  return whole();
}

/**
 * Loads the runner up to where it would begin its work, and keeps the heap: a start-up snapshot. Nothing is written where
 * this Node cannot; runners then start from what V8 compiled.
 */
async function keepHeap(runner: string, heap: string): Promise<void> {
  const own = `${heap}.${randomUUID()}`;
  // What is to be warned of is decided at the first warning, which may be one of the build's.
  const args = [...commonFlags, '--snapshot-blob', own, '--build-snapshot', runner];
  const child = spawn(process.execPath, args, {
    stdio: 'ignore',
    env: runnerEnv,
  });
  const [code] = await once(child, 'exit');
  if (code === 0) await rename(own, heap);
  else await rm(own, { force: true });
}

/** Loads the runner once, without any student's file, and keeps what V8 made of it. Written last: it says all is there. */
async function compile({ start, runner, code }: RunnerProgram): Promise<void> {
  const own = `${code}.${randomUUID()}`;
  const child = spawn(process.execPath, [...commonFlags, start, runner, own, 'make'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    env: runnerEnv,
  });
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  if (!existsSync(own)) throw new Error(`The runner could not be compiled beforehand: ${said.trim()}`);
  await rename(own, code);
}
