import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { rootFolder } from '../../root.ts';
import { writeWhole } from '../../write-whole.ts';

const parts = [
  'src/grade/runner/main.ts',
  'src/grade/runner/value.ts',
  'src/grade/runner/protocol.ts',
  'src/grade/runner/watchdog.ts',
  'src/grade/runner/unanswered.ts',
  'src/servers/clients.ts',
  'package-lock.json',
];

/** Where files made from sources are kept between runs; git ignores it. */
export const cacheFolder = (): string => join(rootFolder(), '.lab', 'cache');

/**
 * The runner with its clients in one file, built once for each state of its sources: a runner then starts in
 * about 65 ms in place of 195.
 *
 * @returns the path of a CommonJS file under `.lab/cache`.
 */
export async function runnerFile(): Promise<string> {
  const root = rootFolder();
  const hash = createHash('sha256').update(process.version);
  for (const part of parts) hash.update(await readFile(join(root, part)));
  const path = join(cacheFolder(), `runner-${hash.digest('hex').slice(0, 16)}.cjs`);
  if (existsSync(path) && (await stat(path)).size > 0) return path;
  await mkdir(cacheFolder(), { recursive: true });
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src/grade/runner/main.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    write: false,
    logLevel: 'silent',
  });
  await writeWhole(path, outputFiles[0]!.text);
  return path;
}
