import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { plainText } from '../../base/plain-text.ts';
import { fileOf, type Submission } from '../submission.ts';
import { compileAlone } from './compile-alone.ts';

/** A report shows so many, and says how many more there were. */
const MAX_WARNINGS = 5;

/**
 * What the TypeScript compiler says of a lab file, as warnings: a type error costs no points, and it often names
 * the mistake. At most five, each with its line.
 *
 * @example ["TypeScript, line 12: Type 'string' is not assignable to type 'number'."]
 */
export async function typeWarnings(submission: Submission, lab: string): Promise<string[]> {
  const file = await fileOf(submission, lab);
  return (await typeWarningsOf([file])).get(file) ?? [];
}

/**
 * The same for many files, by path. Each is read by a compiler of its own, so that none sees, or speaks for, another;
 * files of the same name and text share one. A file that is not there has none.
 */
export async function typeWarningsOf(files: readonly string[]): Promise<Map<string, string[]>> {
  const sources = new Map<string, { name: string; source: string; files: string[] }>();
  for (const file of files) {
    const bytes = await readFile(file).catch(() => undefined);
    const source = bytes && plainText(bytes)?.text;
    if (source === undefined) continue;
    const name = basename(file);
    const key = createHash('sha256').update(`${name}\n${source}`).digest('hex');
    const same = sources.get(key);
    if (same) same.files.push(file);
    else sources.set(key, { name, source, files: [file] });
  }
  const found = new Map<string, string[]>();
  const left = [...sources.values()];
  const compile = async () => {
    for (let one = left.pop(); one; one = left.pop()) {
      const warnings = asWarnings(await compileAlone(one.name, one.source));
      for (const file of one.files) found.set(file, warnings);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, compile));
  return found;
}

function asWarnings(lines: readonly string[]): string[] {
  const more = lines.length - MAX_WARNINGS;
  const shown = [...lines.slice(0, MAX_WARNINGS), ...(more > 0 ? [`${more} more type errors`] : [])];
  return shown.map((text) => `TypeScript, ${text}`);
}
