import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { ZipFile } from 'yazl';
import { collect } from '../../../../kit/class/intake/collect.ts';

export const labs = ['01-initial-sync', '03-hset-mapping'];

/** A class's folder to fill, and a place for the copies. */
export interface ClassFolder extends AsyncDisposable {
  root: string;
  /** Holds the submissions. */
  dir: string;
  into: string;
  /** Writes files below `dir`. */
  write(files: Record<string, string | Buffer>): Promise<void>;
  collect(): ReturnType<typeof collect>;
}

export async function classFolder(): Promise<ClassFolder> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'storelab-intake-')));
  const dir = join(root, 'class');
  const into = join(root, 'copies');
  await mkdir(dir);
  return {
    root,
    dir,
    into,
    async write(files) {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(dir, path)), { recursive: true });
        await writeFile(join(dir, path), content);
      }
    },
    collect: () => collect(dir, { labs, into }),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** All files below a folder with what they hold, links named as such. */
export async function treeOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  const read = files.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [
      path.slice(folder.length + 1),
      entry.isFile() ? await readFile(path, 'utf8') : 'no file',
    ] as const;
  });
  return Object.fromEntries((await Promise.all(read)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export async function zipOf(
  files: Record<string, string | Buffer>,
  options?: { mode?: number },
): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name, options);
  zip.end();
  return bytesOf(zip.outputStream as Readable);
}

export type TarEntry = Partial<Header> & { name: string } & { content?: string | Buffer };

export async function tarOf(entries: TarEntry[]): Promise<Buffer> {
  const packed = pack();
  for (const { content, ...header } of entries) packed.entry(header, content ?? '');
  packed.finalize();
  return bytesOf(packed as unknown as Readable);
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Zeros without end, up to `megabytes`, never all in memory. */
export function zeros(megabytes: number): Readable {
  const chunk = Buffer.alloc(1024 * 1024);
  return Readable.from(
    (function* () {
      for (let i = 0; i < megabytes; i += 1) yield chunk;
    })(),
  );
}

/** A tar.gz with one file of zeros, and then, perhaps, something wanted behind it. */
export async function bombTar(
  path: string,
  { name, megabytes }: { name: string; megabytes: number },
): Promise<void> {
  const packed = pack();
  const entry = packed.entry({ name, size: megabytes * 1024 * 1024 });
  const filled = pipeline(zeros(megabytes), entry as unknown as NodeJS.WritableStream).then(() =>
    packed.finalize(),
  );
  await pipeline(packed as unknown as Readable, createGzip({ level: 1 }), createWriteStream(path));
  await filled;
}

/** A zip with one file of zeros. */
export async function bombZip(
  path: string,
  { name, megabytes }: { name: string; megabytes: number },
): Promise<void> {
  const zip = new ZipFile();
  zip.addReadStream(zeros(megabytes), name);
  zip.end();
  await pipeline(zip.outputStream as Readable, createWriteStream(path));
}
