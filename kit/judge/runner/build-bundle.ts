import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { rootFolder } from '../../base/root.ts';
import { type RunnerProgram, runnerEnv } from '../isolation/isolation.ts';
import { commonFlags } from '../isolation/node-flags.ts';
import { describeInputs, type Input } from './bundle-inputs.ts';
import { lazyBuiltins } from './lazy-builtins.ts';

const here = 'kit/judge/runner';
/** What is no part of the bundle and yet decides how it is built. */
const builders = ['build-bundle.ts', 'lazy-builtins.ts'].map((name) => `${here}/${name}`);
/** npm writes it whenever it changes what is installed: it stands for the hundreds of files that are of packages. */
const INSTALLED = 'node_modules/.package-lock.json';

/**
 * The runner with its clients in one file.
 *
 * @returns its text, and what it was built from.
 */
export async function buildBundle(bullmq: boolean): Promise<{ text: string; inputs: Input[] }> {
  const root = rootFolder();
  const { build } = await import('esbuild'); // most runs find the bundle built
  const begun = Date.now();
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [`${here}/main.ts`],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    charset: 'ascii',
    define: { WITH_BULLMQ: String(bullmq) },
    plugins: [lazyBuiltins],
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  // A name with a colon is a module that a plugin made up.
  const own = Object.keys(metafile.inputs).filter((path) => !/:|node_modules\//.test(path));
  const inputs = await describeInputs(root, [...own, ...builders, INSTALLED]);
  // Who saves a file meanwhile would have its new hash beside its old text.
  if (inputs.some(({ ctimeMs }) => ctimeMs > begun)) return buildBundle(bullmq);
  return { text: outputFiles[0]!.text, inputs };
}

/**
 * Loads the runner up to where it would begin its work, and keeps the heap: a start-up snapshot. Nothing is written where
 * this Node cannot; runners then start from what V8 compiled.
 */
export async function keepHeap(runner: string, heap: string): Promise<void> {
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
export async function compile({ start, runner, code }: RunnerProgram): Promise<void> {
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
