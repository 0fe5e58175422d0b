import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { rootFolder } from '../../base/root.ts';
import { findPrlimit } from '../isolation/limits.ts';
import { foreignImport } from './foreign-import.ts';
import { findShell, type Shell } from './shell.ts';

const run = promisify(execFile);

const options = [
  ...['--noEmit', '--ignoreConfig', '--strict', '--skipLibCheck', '--pretty', 'false', '--singleThreaded'],
  ...[
    '--target',
    'es2023',
    '--module',
    'preserve',
    '--moduleResolution',
    'bundler',
    '--moduleDetection',
    'force',
  ],
  ...['--types', 'node', '--allowImportingTsExtensions'],
];

/** What reading one file may cost. A lab takes 0.2 s of processor time and 120 MB. */
const MAX_CPU_S = 10;
const MAX_MEMORY_BYTES = 1024 ** 3;
const TIMEOUT_MS = 60_000;

const gaveUp =
  `it did not come to an end with this file within ${MAX_CPU_S} s of processor time and ` +
  `${MAX_MEMORY_BYTES / 1024 ** 3} GB: perhaps a type that grows without end.`;

/**
 * Type-checks the text of one lab file in a process of its own, which sees that file, the course's `src` and the
 * packages, and nothing of other students: in bubblewrap where there is one, in a folder of its own where not. There a
 * file that names another by a relative or an absolute path is not read at all. Time and memory are bounded.
 *
 * @param name of the file: `03-hset-mapping.ts`.
 * @returns what the compiler says, a line each; nothing where the compiler is not installed.
 * @example await compileAlone('03-hset-mapping.ts', 'const a: number = "";')
 * // ["line 1: Type 'string' is not assignable to type 'number'."]
 */
export async function compileAlone(name: string, source: string): Promise<string[]> {
  const compiler = await compilerProgram();
  if (!compiler) return [];
  const shell = await findShell();
  const foreign = shell ? undefined : foreignImport(source);
  if (foreign !== undefined)
    return [`the file was not read, as it names ${JSON.stringify(foreign)}: a lab imports no other file.`];
  const folder = await mkdtemp(join(tmpdir(), 'storelab-types-'));
  try {
    await mkdir(join(folder, 'labs'));
    await writeFile(join(folder, 'labs', name), source);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    return linesOf(name, await ask({ compiler, shell, folder, name }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Said {
  stdout: string;
  /** Why it did not come to an end, as a line for the student; undefined where it did. */
  fell?: string;
}

async function ask(given: { compiler: string; shell: Shell | undefined; folder: string; name: string }) {
  const { compiler, shell, folder, name } = given;
  const root = rootFolder();
  const beside = ['src', 'node_modules'].filter((one) => existsSync(join(root, one)));
  const command = (program: string) => bounded([program, ...options, `labs/${name}`]);
  if (shell) {
    const places = [
      ['labs', folder],
      ['package.json', folder],
    ].map(([one, from]) => [join(from!, one!), `/lab/${one}`] as const);
    for (const one of beside) places.push([await realpath(join(root, one)), `/lab/${one}`]);
    // It finds the types of the language beside itself. The packages may be another checkout's, by a link.
    const packages = await realpath(join(root, 'node_modules'));
    const inside = join('/lab/node_modules', relative(packages, await realpath(compiler)));
    return say(shell.around(command(inside), { places, cwd: '/lab' }), '/');
  }
  for (const one of beside) await symlink(join(root, one), join(folder, one));
  return say(command(compiler), folder);
}

async function say([file, ...args]: readonly string[], cwd: string): Promise<Said> {
  const env = { GOGC: 'off', GOMEMLIMIT: '512MiB', GOMAXPROCS: '2' };
  try {
    const { stdout } = await run(file!, args, { cwd, env, timeout: TIMEOUT_MS, maxBuffer: 20_000_000 });
    return { stdout };
  } catch (error) {
    const { stdout = '', code, signal, stderr = '' } = error as Error & Partial<Ended>;
    // Where it found a type error it ends with 1 or 2, and says which on its output.
    if ((code === 1 || code === 2) && stderr === '') return { stdout };
    const tooMuch = signal != null || code === 137 || code === 152 || /out of memory/.test(stderr);
    if (tooMuch) return { stdout, fell: gaveUp };
    const why = stderr.trim().split('\n')[0] || `it ended with code ${code}`;
    return { stdout, fell: `the compiler itself failed (${why.slice(0, 200)}).` };
  }
}

interface Ended {
  stdout: string;
  stderr: string;
  code: number | string | null;
  signal: string | null;
}

function bounded(command: readonly string[]): readonly string[] {
  const prlimit = findPrlimit();
  if (!prlimit) return command;
  return [prlimit, `--cpu=${MAX_CPU_S}`, `--data=${MAX_MEMORY_BYTES}`, '--core=0', ...command];
}

function linesOf(name: string, { stdout, fell }: Said): string[] {
  const lines: string[] = [];
  for (const line of stdout.split('\n')) {
    const match = /^labs\/(.+?)\((\d+),\d+\): error TS\d+: (.*)$/.exec(line);
    if (match?.[1] === name) lines.push(`line ${match[2]}: ${match[3]}`);
  }
  return fell ? [...lines, fell] : lines;
}

let program: Promise<string | undefined> | undefined;

/** The compiler itself, not the script that starts it; undefined where the packages are not installed. */
function compilerProgram(): Promise<string | undefined> {
  program ??= (async () => {
    const path = join(rootFolder(), 'node_modules', 'typescript', 'lib', 'getExePath.js');
    if (!existsSync(path)) return undefined;
    const { default: exePath } = (await import(pathToFileURL(path).href)) as { default: () => string };
    return exePath();
  })();
  return program;
}
