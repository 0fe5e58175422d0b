import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../../base/root.ts';
import { writeWhole } from '../../base/write-whole.ts';
import type { RunnerProgram } from '../isolation/isolation.ts';
import { commonFlags } from '../isolation/node-flags.ts';
import { buildBundle, compile, keepHeap } from './build-bundle.ts';
import { hashOfInputs, type Input, unchanged } from './bundle-inputs.ts';
import { prune } from './prune.ts';
import { startSource } from './start-source.ts';

/** What a program was made of: it is current as long as all of that is the same. */
interface Manifest {
  /** How the files in the cache that belong to it begin. */
  name: string;
  /** What it was made with, beside files. */
  tools: string;
  inputs: readonly Input[];
}

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
  const there = await current(bullmq);
  if (there) return there;
  await mkdir(cacheFolder(), { recursive: true });
  const { text, inputs } = await buildBundle(bullmq);
  const tools = toolsOf(bullmq);
  const hash = createHash('sha256').update(tools).update(hashOfInputs(inputs)).digest('hex');
  const name = `runner-${hash.slice(0, 16)}`;
  const { program, heap } = filesOf(name);
  if (!existsSync(program.code)) {
    await writeWhole(program.start, startSource);
    await writeWhole(program.runner, text);
    await keepHeap(program.runner, heap);
    await compile(program);
  }
  await writeManifest(bullmq, { name, tools, inputs });
  const others = await readManifest(!bullmq);
  const keep = (file: string) => file.startsWith(name) || (!!others && file.startsWith(others.name));
  await prune(cacheFolder(), { prefix: 'runner-', keep });
  return wholeOf(name);
}

/** The program as it lies in the cache, where nothing that it was made of has changed: found without building it. */
async function current(bullmq: boolean): Promise<RunnerProgram | undefined> {
  const manifest = await readManifest(bullmq);
  if (manifest?.tools !== toolsOf(bullmq) || !existsSync(filesOf(manifest.name).program.code))
    return undefined;
  const inputs = await unchanged(rootFolder(), manifest.inputs);
  if (!inputs) return undefined;
  // A checkout or a copy gives files a new time: the next look need not read them.
  if (inputs.some((input, i) => input !== manifest.inputs[i]))
    await writeManifest(bullmq, { ...manifest, inputs });
  return wholeOf(manifest.name);
}

const toolsOf = (bullmq: boolean): string =>
  JSON.stringify([process.version, commonFlags, startSource, bullmq]);

function filesOf(name: string) {
  const path = join(cacheFolder(), name);
  const program = { start: `${path}.start.cjs`, runner: `${path}.cjs`, code: `${path}.v8` };
  return { program, heap: `${path}.blob` };
}

function wholeOf(name: string): RunnerProgram {
  const { program, heap } = filesOf(name);
  return existsSync(heap) ? { ...program, heap } : program;
}

const manifestFile = (bullmq: boolean) => join(cacheFolder(), bullmq ? 'bundle-bullmq.json' : 'bundle.json');

async function readManifest(bullmq: boolean): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(manifestFile(bullmq), 'utf8')) as Manifest;
  } catch {
    return undefined; // none yet, or not whole: it is made again
  }
}

const writeManifest = (bullmq: boolean, manifest: Manifest) =>
  writeWhole(manifestFile(bullmq), `${JSON.stringify(manifest)}\n`);
