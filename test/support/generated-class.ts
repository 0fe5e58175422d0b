// needs: answers
import { createWriteStream } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { execa } from 'execa';
import { pack } from 'tar-stream';
import { ZipFile } from 'yazl';
import { rootFolder } from '../../kit/base/root.ts';
import { extractAnswer } from '../../kit/judge/extract-answers.ts';
import { drawFor } from '../../kit/judge/seed.ts';
import { keptSolutions } from '../../kit/prove/kept/solutions.ts';

/** What is known of a student before anyone is graded. */
export interface KnownStudent {
  /** As the folder or archive is named, without `.zip`. */
  student: string;
  /** Where each lab's file comes from; none where the student has not handed it in. */
  sources: Record<string, Source | undefined>;
}

/** A file that a student hands in, and what is known of it. */
export interface Source {
  path: string;
  kind: 'right' | 'wrong' | 'stub' | 'broken' | 'hostile';
}

export interface ClassOptions {
  students: number;
  labs: readonly string[];
  /** The same seed makes the same class. */
  seed: number;
  /** How many hostile ones that only a limit of time ends may be among the files of a lab; each costs up to two minutes. */
  endless: number;
}

const names = [
  ...[
    'Zoë Müller',
    'Zoe Muller',
    'João da Silva',
    "Siobhán O'Connor",
    '湯川 秀樹',
    'Ådne Ødegård',
    'max mustermann',
  ],
  ...['=cmd|calc', '-2+3', '<b onclick=alert(1)>', 'a "quoted" name', 'Renée  (2)', 'ÉLODIE', 'élodie2'],
  ...['_hidden_', '100% sure', 'semi;colon, comma', 'x'.repeat(60), '🚀 rocket', '.dot in front'.slice(1)],
];

const broken = [
  'export async function ( {\n',
  "throw new Error('not today');\n",
  "import { readFileSync } from '../../answers/x.ts';\nexport const x = readFileSync;\n",
  'export const nothing = 1;\n',
  '',
];

/**
 * Writes a class of submissions to `folder`: right, wrong, broken, hostile, empty, partly handed in and duplicated
 * ones, as folders, nested folders, zips, tars and git clones, under names with spaces and accents.
 */
export async function makeClass(folder: string, options: ClassOptions): Promise<KnownStudent[]> {
  const { students, labs, seed, endless } = options;
  const draw = drawFor(seed, 'class');
  const pool = await sources(labs, { folder: join(folder, '..', 'class-sources'), endless });
  const known: KnownStudent[] = [];
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < students; i++) {
    const student = i < names.length ? names[i]! : `${draw.pick(names).slice(0, 40)} ${i}`;
    const copied = i > 0 && draw.int(1, 8) === 1 ? draw.pick(known) : undefined;
    const sources = copied?.sources ?? handedIn();
    known.push({ student, sources });
    await put(folder, student, { files: files(sources), how: draw.int(0, 5) });
  }
  return known;

  function handedIn(): KnownStudent['sources'] {
    const mood = draw.int(1, 20);
    if (mood === 1) return {};
    return Object.fromEntries(
      labs.map((lab) => {
        const kinds = pool.get(lab)!;
        const right = kinds.filter(({ kind }) => kind === 'right');
        const missing = draw.int(1, 12) === 1;
        if (missing) return [lab, undefined];
        return [lab, draw.pick(mood <= 10 ? right : kinds)];
      }),
    );
  }
}

/** Everything that a student could hand in for each lab. */
async function sources(
  labs: readonly string[],
  { folder, endless }: { folder: string; endless: number },
): Promise<Map<string, Source[]>> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const pool = new Map<string, Source[]>();
  for (const lab of labs) {
    const answer = join(folder, `${lab}-answer.ts`);
    await cp(await extractAnswer(lab), answer);
    const made: Source[] = [
      { path: answer, kind: 'right' },
      { path: join(rootFolder(), 'labs', `${lab}.ts`), kind: 'stub' },
    ];
    for (const kind of ['right', 'wrong'] as const) {
      made.push(...(await keptSolutions(kind, lab)).map(({ path }): Source => ({ path, kind })));
    }
    for (const [i, text] of broken.entries()) {
      const path = join(folder, `${lab}-broken-${i}.ts`);
      await writeFile(path, text);
      made.push({ path, kind: 'broken' });
    }
    const attacks = await hostile(lab);
    const long = attacks.filter(({ path }) => namesNoEnd.test(path));
    made.push(...attacks.filter((one) => !long.includes(one)), ...long.slice(0, endless));
    pool.set(lab, made);
  }
  return pool;
}

/** What its name says of a submission that runs until a limit ends it. */
const namesNoEnd = /loop|regexp|never|wait|memory|late|time|flood|sleep/;

/** The hostile submissions of a lab that earn nothing: in the whole lab, or only on the checks that they name. */
async function hostile(lab: string): Promise<Source[]> {
  const folder = join(rootFolder(), 'test', 'hostile');
  const found: Source[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort()) {
    const path = join(folder, name);
    const text = await readFile(path, 'utf8');
    if (text.includes(`// lab: ${lab.slice(0, 2)}`) && /^\/\/ earns: 0\b/m.test(text))
      found.push({ path, kind: /^\/\/ checks: /m.test(text) ? 'wrong' : 'hostile' });
  }
  return found;
}

const files = (sources: KnownStudent['sources']): [name: string, path: string][] =>
  Object.entries(sources).flatMap(([lab, source]) => (source ? [[`labs/${lab}.ts`, source.path]] : []));

interface Putting {
  files: [name: string, path: string][];
  how: number;
}

/** Hands files in: as a folder (0, 1), a nested folder (2), a zip (3), a tar.gz (4) or a git clone (5). */
async function put(folder: string, student: string, { files, how }: Putting): Promise<void> {
  const place = join(folder, student);
  if (how === 3 && files.length > 0) return zip(`${place}.zip`, files);
  if (how === 4 && files.length > 0) return tar(`${place}.tar.gz`, files);
  const root = how === 2 ? join(place, 'my submission', 'storelab') : place;
  await mkdir(root, { recursive: true });
  for (const [name, path] of files) {
    await mkdir(join(root, 'labs'), { recursive: true });
    await cp(path, join(root, name));
  }
  if (how === 5) {
    await execa('git', ['init', '-q', root]);
    // A configuration that would run a program, if git were ever asked in there.
    const config = `[core]\n\tfsmonitor = "touch '${join(folder, '..', 'git-was-run')}'"\n`;
    await writeFile(join(root, '.git', 'config'), config);
  }
}

async function zip(path: string, files: Putting['files']): Promise<void> {
  const archive = new ZipFile();
  for (const [name, file] of files) archive.addFile(file, `storelab-main/${name}`);
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(path));
}

async function tar(path: string, files: Putting['files']): Promise<void> {
  const archive = pack();
  for (const [name, file] of files) archive.entry({ name }, await readFile(file));
  archive.finalize();
  await pipeline(archive, createGzip(), createWriteStream(path));
}
