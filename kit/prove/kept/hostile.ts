import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findLab } from '../../../src/catalog.ts';
import { rootFolder } from '../../base/root.ts';

/** A submission that tries to get points, or to do harm, and what must come of it. */
export interface HostileSubmission {
  /** `08-read-passwd` */
  name: string;
  path: string;
  /** What it tries, completing "it tries": `reading /etc/passwd`. */
  tries: string;
  /** Id of the lab that it hands in. */
  lab: string;
  /** Points that it earns honestly. */
  earns: number;
  /** Found in what its report says: what it is called there. */
  told: RegExp;
  /** The only checks to run on it, where each costs seconds. */
  checks?: readonly string[];
}

/**
 * The submissions of `test/hostile`. Each says in its first lines what it tries, in which lab, what it earns, and what
 * its report must say.
 *
 * @throws Error for one that does not.
 */
export function hostileSubmissions(folder = join(rootFolder(), 'test', 'hostile')): HostileSubmission[] {
  return readdirSync(folder)
    .filter((name) => /^\d\d-.*\.ts$/.test(name))
    .sort()
    .map((file) => {
      const path = join(folder, file);
      const text = readFileSync(path, 'utf8');
      const line = (word: string) => new RegExp(`^// ${word}: (\\S.*)$`, 'm').exec(text)?.[1]?.trim();
      const [tries, lab, earns, told, checks] = ['tries', 'lab', 'earns', 'told', 'checks'].map(line);
      if (!tries || !lab || !told || !/^\d+$/.test(earns ?? '')) {
        throw new Error(`${path} must begin with lines "// tries:", "// lab:", "// earns:" and "// told:".`);
      }
      return {
        name: basename(file, '.ts'),
        path,
        tries,
        lab: findLab(lab).id,
        earns: Number(earns),
        told: new RegExp(told, 'i'),
        ...(checks ? { checks: checks.split(/[ ,]+/) } : {}),
      };
    });
}
