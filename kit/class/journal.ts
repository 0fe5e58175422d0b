import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { ManifestLab } from '../judge/manifest.ts';
import type { LabResult } from '../judge/result.ts';

/** What a class is graded with: a run goes on only with the same. */
export interface Terms {
  version: 1;
  seed: number;
  labs: string[];
  /** Hash of everything that decides a grade: the check files. */
  checks: string;
  /** ISO 8601, UTC. */
  startedAt: string;
}

/** One lab of one student, judged. */
export interface Entry {
  slug: string;
  /** Hash of what the student handed in: another one is judged again. */
  sha256: string;
  /** `answers` where it was the code of the written answer. */
  of: 'labs' | 'answers';
  result: LabResult;
}

type Line = { terms: Terms } | { manifest: ManifestLab[] } | { entry: Entry };

const nameOf = ({ slug, of, lab }: { slug: string; of: Entry['of']; lab: string }) => `${slug} ${of} ${lab}`;

/** Thrown where a folder holds the grades of a run on other terms; the message says which and what to do. */
export class OtherTerms extends Error {
  override name = 'OtherTerms';
}

/**
 * What a run of a class has done so far, a line each, on the disk before the next thing begins: a run that is killed
 * at any moment goes on where it was. A line that was cut off in the middle counts for nothing.
 */
export class Journal {
  readonly terms: Terms;
  manifest: ManifestLab[] = [];
  #entries = new Map<string, Entry>();
  #file: number;

  private constructor(path: string, lines: Line[], wanted: Terms) {
    const [first] = lines;
    this.terms = first && 'terms' in first ? first.terms : wanted;
    for (const line of lines) {
      if ('manifest' in line) this.manifest = line.manifest;
      if ('entry' in line) this.#keep(line.entry);
    }
    this.#file = openSync(path, 'a', 0o600);
    if (!first) this.#write({ terms: wanted });
  }

  /**
   * Opens the journal of a run, or begins one.
   *
   * @param wanted `seed` and `startedAt` are for a new one; an old one keeps its own.
   * @param options.sameSeed the seed was asked for: an old journal must have the same.
   * @throws OtherTerms
   */
  static open(path: string, wanted: Terms, { sameSeed }: { sameSeed: boolean }): Journal {
    mkdirSync(dirname(path), { recursive: true });
    const lines = read(path);
    const [first] = lines;
    if (first && 'terms' in first) refuseOthers(first.terms, wanted, sameSeed);
    return new Journal(path, lines, wanted);
  }

  /** What is known of a lab of a student, where it was judged as handed in now and nothing of it is left open. */
  find(wanted: { slug: string; sha256: string; of: Entry['of']; lab: string }): LabResult | undefined {
    const found = this.#entries.get(nameOf(wanted));
    return found?.sha256 === wanted.sha256 ? found.result : undefined;
  }

  add(entry: Entry): void {
    this.#write({ entry });
    this.#keep(entry);
  }

  setManifest(manifest: readonly ManifestLab[]): void {
    if (this.manifest.length > 0) return;
    this.manifest = [...manifest];
    this.#write({ manifest: this.manifest });
  }

  close(): void {
    closeSync(this.#file);
  }

  #keep(entry: Entry): void {
    this.#entries.set(nameOf({ ...entry, lab: entry.result.lab }), entry);
  }

  #write(line: Line): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#file);
  }
}

/** The whole lines of a journal; what follows the last one is cut off the file, so that the next line stands alone. */
function read(path: string): Line[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) truncateSync(path, end);
  return bytes
    .subarray(0, end)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

function refuseOthers(old: Terms, wanted: Terms, sameSeed: boolean): void {
  const differs =
    sameSeed && old.seed !== wanted.seed
      ? `with the seed ${old.seed}, not ${wanted.seed}`
      : old.labs.join() !== wanted.labs.join()
        ? `for the labs ${old.labs.join(', ')}, not ${wanted.labs.join(', ')}`
        : old.checks !== wanted.checks
          ? 'with other checks: the kit has changed since'
          : undefined;
  if (!differs) return;
  throw new OtherTerms(
    `The grades there were begun ${differs}. Give another folder with --out, or begin anew with --fresh.`,
  );
}

/** A hash of files' contents, in the order given. */
export function hashOfFiles(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}
