import { type FileHandle, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { isArchive } from './archive-names.ts';
import { boundedBytes } from './bounded.ts';
import type { CollectedFiles } from './collected-files.ts';
import { isClutter, segmentsOf, shown } from './file-names.ts';
import { limits } from './intake-limits.ts';

/** An archive that lay in an archive. */
interface Inner {
  path: string;
  bytes: Buffer;
}

/** Whether a path in an archive is that of another archive, which somebody may have handed in. */
export const isInner = (path: string): boolean =>
  isArchive(path) && segmentsOf(path)?.some(isClutter) === false;

/** The archives inside one archive: kept, to be opened when that one has been read, or named as not opened. */
export class InnerArchives {
  #kept: Inner[] = [];
  #collected: CollectedFiles;
  #mayOpen: boolean;

  /** @param mayOpen false in an archive that itself lay in one: one level is opened, and no more. */
  constructor(collected: CollectedFiles, { mayOpen }: { mayOpen: boolean }) {
    this.#collected = collected;
    this.#mayOpen = mayOpen;
  }

  /** Keeps one, within the bounds; `stream` is opened only where it is to be kept. */
  async take(path: string, size: number, stream: () => Promise<Readable>): Promise<void> {
    const leave = (why: string) => this.#collected.note(`"${shown(path)}" ${why}`);
    if (!this.#mayOpen)
      return leave(
        'is an archive in an archive in an archive and was not opened: hand in the folder itself.',
      );
    if (this.#kept.length === limits.archivesInside)
      return leave('is one archive too many and was not opened.');
    const tooLarge = `is larger than ${limits.innerBytes / 1024 / 1024} MB, lies in an archive, and was not opened: hand in the folder itself.`;
    if (size > limits.innerBytes) return leave(tooLarge);
    const bytes = await boundedBytes(await stream(), limits.innerBytes);
    if (bytes) this.#kept.push({ path, bytes });
    else leave(tooLarge);
  }

  /** Opens each as a file of its own, which nobody else can name. */
  async open(read: (handle: FileHandle, path: string) => Promise<void>): Promise<void> {
    for (const { path, bytes } of this.#kept) {
      const folder = await mkdtemp(join(tmpdir(), 'storelab-archive-'));
      let handle: FileHandle | undefined;
      try {
        await writeFile(join(folder, 'inner'), bytes, { mode: 0o600 });
        handle = await open(join(folder, 'inner'));
        await read(handle, path);
      } finally {
        await handle?.close();
        await rm(folder, { recursive: true, force: true });
      }
    }
  }
}
