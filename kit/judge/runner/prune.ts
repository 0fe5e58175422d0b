import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that nobody has written for so long is in nobody's use, ms: no grading takes a day. */
const UNUSED_MS = 24 * 60 * 60 * 1000;

export interface PruneOptions {
  /** Files whose name begins so; default all. */
  prefix?: string;
  /** What stays, however old: names. */
  keep?: (name: string) => boolean;
  now?: number;
}

/**
 * Deletes the files of a cache folder that were written more than a day ago. A cache is made again where it is missing, so
 * nothing here is an error.
 *
 * @returns how many went.
 * @example await prune('.lab/cache/labs') // 4923
 */
export async function prune(
  folder: string,
  { prefix = '', keep = () => false, now = Date.now() }: PruneOptions = {},
): Promise<number> {
  const names = (await readdir(folder).catch(() => [])).filter(
    (name) => name.startsWith(prefix) && !keep(name),
  );
  const gone = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const written = await stat(path).catch(() => undefined);
      if (!written?.isFile() || now - written.mtimeMs < UNUSED_MS) return false;
      await rm(path, { force: true }).catch(() => {});
      return true;
    }),
  );
  return gone.filter(Boolean).length;
}
