import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that something was built from. */
export interface Input {
  /** Relative to the repository's root. */
  path: string;
  /** In bytes. */
  size: number;
  /** When it was last changed, ms: not `mtime`, which a copy or an archive may set to that of another file. */
  ctimeMs: number;
  sha256: string;
}

/**
 * What these files hold now.
 *
 * @throws Error where one cannot be read.
 * @example await describeInputs('/home/ada/storelab', ['kit/judge/runner/main.ts']) // [{ path: 'src/…', size: 7046, … }]
 */
export function describeInputs(root: string, paths: readonly string[]): Promise<Input[]> {
  return Promise.all(paths.map((path) => describe(root, path)));
}

/**
 * Looks whether files still hold what they held. A file of the same size and time is not read.
 *
 * @returns them as they stand now, of which some may have been written anew with the same text; undefined where one
 *   differs or is gone.
 */
export async function unchanged(root: string, inputs: readonly Input[]): Promise<Input[] | undefined> {
  const now = await Promise.all(
    inputs.map((input) => (isUntouched(root, input) ? input : describe(root, input.path).catch(() => null))),
  );
  const same = now.every((input, i) => input?.sha256 === inputs[i]!.sha256);
  return same ? (now as Input[]) : undefined;
}

/** One hash for what they all hold, wherever the repository lies. */
export function hashOfInputs(inputs: readonly Input[]): string {
  const hash = createHash('sha256');
  for (const { path, sha256 } of inputs.toSorted((a, b) => (a.path < b.path ? -1 : 1)))
    hash.update(`${path} ${sha256}\n`);
  return hash.digest('hex');
}

function isUntouched(root: string, { path, size, ctimeMs }: Input): boolean {
  const now = statSync(join(root, path), { throwIfNoEntry: false });
  return now?.size === size && now.ctimeMs === ctimeMs;
}

async function describe(root: string, path: string): Promise<Input> {
  const { ctimeMs } = statSync(join(root, path));
  const bytes = await readFile(join(root, path));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { path, size: bytes.length, ctimeMs, sha256 };
}
