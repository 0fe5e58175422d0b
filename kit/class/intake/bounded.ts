import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { limits } from './intake-limits.ts';

/**
 * The bytes of a stream, or undefined as soon as there are more than `most`: the rest is never inflated.
 *
 * @param most bytes, default what a file may have.
 */
export async function boundedBytes(stream: Readable, most = limits.fileBytes): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) {
      stream.destroy();
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The same of an open file, which may grow while it is read. */
export async function boundedFile(handle: FileHandle): Promise<Buffer | undefined> {
  const bytes = Buffer.alloc(limits.fileBytes + 1);
  let size = 0;
  while (size < bytes.length) {
    const { bytesRead } = await handle.read(bytes, size, bytes.length - size, size);
    if (bytesRead === 0) return Buffer.from(bytes.subarray(0, size));
    size += bytesRead;
  }
  return undefined;
}
