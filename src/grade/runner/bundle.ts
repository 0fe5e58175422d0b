import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';
import { rootFolder } from '../../root.ts';
import { writeWhole } from '../../write-whole.ts';
import { lazyBuiltins } from './lazy-builtins.ts';

const parts = [
  'src/grade/runner/lazy-builtins.ts',
  'src/grade/runner/load.ts',
  'src/grade/runner/main.ts',
  'src/grade/runner/value.ts',
  'src/grade/runner/protocol.ts',
  'src/grade/runner/watchdog.ts',
  'src/grade/runner/unanswered.ts',
  'src/servers/clients.ts',
  'package-lock.json',
];

/** Where files made from sources are kept between runs; git ignores it. */
export const cacheFolder = (): string => join(rootFolder(), '.lab', 'cache');

/** What a runner is started from. */
export interface RunnerFiles {
  /** The runner with its clients in one file: 60 ms of processor time for a start. */
  code: string;
  /** The heap of a Node that has loaded it, a start-up snapshot: 25 ms. Missing where this Node cannot make one. */
  heap: string | undefined;
}

/** The runner's files under `.lab/cache`, made once for each state of its sources. */
export async function runnerFiles(): Promise<RunnerFiles> {
  const root = rootFolder();
  const hash = createHash('sha256').update(`${process.version} ${process.arch} ${process.platform}`);
  for (const part of parts) hash.update(await readFile(join(root, part)));
  const name = join(cacheFolder(), `runner-${hash.digest('hex').slice(0, 16)}`);
  const [code, heap] = [`${name}.cjs`, `${name}.blob`];
  // Code is put in its place last: where it is, there will be no snapshot any more.
  if (existsSync(code)) return { code, heap: existsSync(heap) ? heap : undefined };
  await mkdir(cacheFolder(), { recursive: true });
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src/grade/runner/main.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    plugins: [lazyBuiltins],
    write: false,
    logLevel: 'silent',
  });
  const own = `${name}-${process.pid}`;
  await writeWhole(`${own}.cjs`, outputFiles[0]!.text);
  if (await makeSnapshot(`${own}.cjs`, `${own}.blob`)) await rename(`${own}.blob`, heap);
  else await rm(`${own}.blob`, { force: true });
  await rename(`${own}.cjs`, code);
  return { code, heap: existsSync(heap) ? heap : undefined };
}

/** Runs the code up to where a runner would begin its work, and keeps the heap. False where this Node cannot. */
async function makeSnapshot(code: string, heap: string): Promise<boolean> {
  const { failed } = await execa(process.execPath, ['--snapshot-blob', heap, '--build-snapshot', code], {
    reject: false,
    env: { NODE_OPTIONS: '', NODE_COMPILE_CACHE: '' },
    timeout: 60_000,
  });
  return !failed;
}

/**
 * What node is started with, after its flags. A watched runner has a thread, and Node 24 aborts a thread that loads
 * `net` in a process from a snapshot.
 *
 * @example runnerArguments({ code: '/x/runner.cjs', heap: '/x/runner.blob' }, { watched: false }) // ['--snapshot-blob', ...]
 */
export const runnerArguments = ({ code, heap }: RunnerFiles, { watched }: { watched: boolean }): string[] =>
  heap && !watched ? ['--snapshot-blob', heap] : [code];
