import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { rootFolder } from '../base/root.ts';
import { hashOf } from './before.ts';
import { labFiles } from './lab-files.ts';

/** How often files are looked at, ms. Asking misses nothing: not a file that an editor renames, not a new folder. */
const LOOK_MS = 200;

/** Hashes of texts by path. */
type Look = ReadonlyMap<string, string>;

/**
 * Yields the files of a lab that were saved with another text, were made or are gone, each time they have held still
 * for a moment. What happens while the caller is busy counts together.
 *
 * @example for await (const files of saves('07-write-through', signal)) console.log(files) // ['labs/07-write-through.ts']
 */
export async function* saves(id: string, signal: AbortSignal): AsyncGenerator<string[]> {
  const looks = looker(id);
  let told = looks();
  let last = told;
  try {
    for await (const _ of setInterval(LOOK_MS, undefined, { signal })) {
      const now = looks();
      const changed = differing(told, now);
      const still = differing(last, now).length === 0;
      last = now;
      if (!still || changed.length === 0) continue;
      told = now;
      yield changed;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Looks at the files of a lab; what has the same time and size as before is not read again. */
function looker(id: string): () => Look {
  const known = new Map<string, { stamp: string; hash: string }>();
  let look: Look = new Map();
  return () => {
    try {
      look = new Map(labFiles(id).map((path) => [path, hashAt(path, known)]));
    } catch {
      // A file went away between two calls: the next look tells.
    }
    return look;
  };
}

function hashAt(path: string, known: Map<string, { stamp: string; hash: string }>): string {
  const file = join(rootFolder(), path);
  const { mtimeMs, size, ino } = statSync(file);
  const stamp = `${mtimeMs} ${size} ${ino}`;
  const before = known.get(path);
  if (before?.stamp === stamp) return before.hash;
  const hash = hashOf(readFileSync(file, 'utf8'));
  known.set(path, { stamp, hash });
  return hash;
}

const differing = (a: Look, b: Look): string[] =>
  [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path));
