import type { FileHandle } from 'node:fs/promises';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Extract, extract } from 'tar-stream';
import { boundedBytes } from './bounded.ts';
import { shown } from './file-names.ts';
import { isInner } from './inner-archives.ts';
import { limits } from './intake-limits.ts';
import type { Boxed } from './read-zip.ts';

type Entry = Extract extends AsyncIterable<infer One> ? One : never;

/** Thrown at a tar that unpacks to more than anybody hands in. */
class TooMuch extends Error {
  override name = 'TooMuch';
}

const kinds: Record<string, string> = {
  link: 'is a hard link to another file',
  symlink: 'is a symbolic link',
  fifo: 'is a named pipe',
  'character-device': 'is a device',
  'block-device': 'is a device',
};

/**
 * Takes the wanted files out of a tar, compressed with gzip or not. It is read once, from its beginning, in bounded
 * memory; what stood before a damaged or endless part is kept.
 */
export async function readTar(handle: FileHandle, options: Boxed & { gzip: boolean }): Promise<void> {
  const { collected, gzip } = options;
  const { size } = await handle.stat();
  const bytes = handle.createReadStream({ autoClose: false, start: 0 });
  const entries = extract();
  const steps = gzip ? [createGunzip(), bounded(size)] : [bounded(size)];
  const flow = pipeline([bytes, ...steps, entries as unknown as NodeJS.WritableStream]);
  let count = 0;
  const read = async () => {
    for await (const entry of entries) {
      count += 1;
      if (count > limits.entries) throw new TooMuch(`holds more than ${limits.entries} files`);
      await readEntry(entry, options);
    }
  };
  // Both are waited for: the one that fails tells the other to stop, and its own reason is the better one.
  const [flowed, gone] = await Promise.allSettled([flow, read().finally(() => entries.destroy())]);
  const reasons = [flowed, gone].flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  if (reasons.length === 0) return;
  const tooMuch = reasons.find((reason) => reason instanceof TooMuch);
  const what = tooMuch ? `The archive ${tooMuch.message}` : 'The archive is damaged or cut off';
  collected.note(`${what}: only what stands before that place was read.`);
}

/** Lets so many bytes pass, and ends the flow there: a gzip of 1 MB may unpack to 1 GB of zeros. */
function bounded(packed: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > limits.unpackedBytes || (size > limits.ratioFrom && size > limits.ratio * packed))
        done(new TooMuch('unpacks to far more than a submission has'));
      else done(null, chunk);
    },
  });
}

async function readEntry(entry: Entry, { collected, box, inner }: Boxed): Promise<void> {
  const { name, type, size = 0 } = entry.header;
  const wanted = type === 'directory' ? undefined : collected.wants(name);
  const path = box ? `${box}/${name}` : name;
  if (wanted && type !== 'file' && type !== 'contiguous-file') {
    collected.note(`"${shown(path)}" ${kinds[type ?? ''] ?? 'is not a regular file'} and was left out.`);
  } else if (wanted && collected.hasRoom(path, size)) {
    const bytes = await boundedBytes(entry as unknown as Readable);
    if (bytes && bytes.length === size) collected.keep({ ...wanted, path, boxed: box !== undefined, bytes });
    return;
  } else if (!wanted && type === 'file' && isInner(name)) {
    await inner.take(path, size, async () => entry as unknown as Readable);
  }
  entry.resume();
}
