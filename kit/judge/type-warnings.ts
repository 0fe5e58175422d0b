import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { rootFolder } from '../base/root.ts';
import { fileOf, type Submission } from './submission.ts';

const run = promisify(execFile);
const options = ['--noEmit', '--ignoreConfig', '--strict', '--skipLibCheck', '--pretty', 'false'];
const language = [
  ...['--target', 'es2023', '--module', 'nodenext', '--moduleDetection', 'force'],
  ...['--types', 'node', '--allowImportingTsExtensions'],
];
/** So many files share a run of the compiler. */
const BATCH = 100;
/** A file that declares for all files would speak for its neighbours: it is read alone. */
const reachesOthers = /\bdeclare\s+(?:global|module|namespace)\b|\/\/\/\s*</;

/**
 * What the TypeScript compiler says of a lab file, as warnings: a type error costs no points, and it often names
 * the mistake. At most five, each with its line.
 *
 * @example ["TypeScript, line 12: Type 'string' is not assignable to type 'number'."]
 */
export async function typeWarnings(submission: Submission, lab: string): Promise<string[]> {
  const file = await fileOf(submission, lab);
  return (await typeWarningsOf([file])).get(file) ?? [];
}

/** The same for many files, each for itself: by path. A file that is not there has none. */
export async function typeWarningsOf(files: readonly string[]): Promise<Map<string, string[]>> {
  const compiler = join(rootFolder(), 'node_modules', 'typescript', 'bin', 'tsc');
  const found = new Map<string, string[]>();
  if (!existsSync(compiler)) return found;
  const batch: string[] = [];
  const batches: string[][] = [];
  for (const file of files) {
    const source = await readFile(file, 'utf8').catch(() => undefined);
    if (source === undefined) continue;
    if (reachesOthers.test(source)) batches.push([file]);
    else batch.push(file);
    if (batch.length === BATCH) batches.push(batch.splice(0));
  }
  if (batch.length > 0) batches.push(batch);
  for (const one of batches) {
    for (const [file, lines] of await compile(compiler, one)) found.set(file, asWarnings(lines));
  }
  return found;
}

/** A file from elsewhere finds the project's packages and types from a place beside `labs/`. */
async function compile(compiler: string, files: readonly string[]): Promise<Map<string, string[]>> {
  const root = rootFolder();
  const places = new Map<string, string>();
  const copies: string[] = [];
  await mkdir(join(root, '.lab'), { recursive: true, mode: 0o700 });
  try {
    for (const [i, file] of files.entries()) {
      let place = relative(root, file);
      if (!/^[^./][^/]*\/[^/]*$/.test(place) && !place.startsWith('.answers/')) {
        place = join('.lab', `types-${process.pid}-${i}.ts`);
        copies.push(join(root, place));
        await copyFile(file, join(root, place));
      }
      places.set(place, file);
    }
    // One file is read soonest by one thread, and a process that lives for 0.2 s need not collect its garbage.
    const threads = files.length === 1 ? ['--singleThreaded'] : [];
    const words = [compiler, ...options, ...language, ...threads, ...places.keys()];
    const env = { ...process.env, GOGC: 'off', GOMEMLIMIT: '512MiB' };
    const limits = { cwd: root, env, timeout: 60_000, maxBuffer: 20_000_000 };
    // Where it found an error it ends with another code than 0; what it said is the same.
    const { stdout = '' } = await run(process.execPath, words, limits).catch((error) => error);
    const errors = new Map<string, string[]>();
    for (const line of stdout.split('\n')) {
      const match = /^(.+?)\((\d+),\d+\): error TS\d+: (.*)$/.exec(line);
      const file = match && places.get(match[1]!);
      if (file) errors.set(file, [...(errors.get(file) ?? []), `line ${match[2]}: ${match[3]}`]);
    }
    return errors;
  } finally {
    await Promise.all(copies.map((copy) => rm(copy, { force: true })));
  }
}

function asWarnings(lines: readonly string[]): string[] {
  const more = lines.length > 5 ? [`${lines.length - 5} more type errors`] : [];
  return [...lines.slice(0, 5), ...more].map((text) => `TypeScript, ${text}`);
}
