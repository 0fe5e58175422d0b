import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { rootFolder } from '../root.ts';
import { fileOf, type Submission } from './submission.ts';

/**
 * What the TypeScript compiler says of a lab file, as warnings: a type error costs no points, and it often names
 * the mistake. At most five, each with its line.
 *
 * @example ["labs/01-initial-sync.ts line 12: Type 'string' is not assignable to type 'number'."]
 */
export async function typeWarnings(submission: Submission, lab: string): Promise<string[]> {
  const root = rootFolder();
  const file = await fileOf(submission, lab);
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  if (!existsSync(file) || !existsSync(compiler)) return [];
  const options = ['--noEmit', '--ignoreConfig', '--strict', '--skipLibCheck', '--pretty', 'false'];
  const language = [
    '--target',
    'es2023',
    '--module',
    'nodenext',
    '--types',
    'node',
    '--allowImportingTsExtensions',
  ];
  // A file from elsewhere finds the project's packages and types from a place beside `labs/`.
  const outside = relative(root, file).startsWith('..');
  const place = outside ? join(root, '.lab', `types-${process.pid}-${lab}.ts`) : file;
  if (outside) await copyFile(file, place);
  const output = await new Promise<string>((resolve) => {
    const words = [compiler, ...options, ...language, place];
    execFile(process.execPath, words, { cwd: root, timeout: 20_000 }, (_, stdout) => resolve(stdout));
  });
  if (outside) await rm(place, { force: true });
  const own = relative(root, place);
  const found = output.split('\n').flatMap((line) => {
    const match = /^(.+?)\((\d+),\d+\): error TS\d+: (.*)$/.exec(line);
    return match && match[1] === own ? [`line ${match[2]}: ${match[3]}`] : [];
  });
  const more = found.length > 5 ? [`${found.length - 5} more type errors`] : [];
  return [...found.slice(0, 5), ...more].map((text) => `TypeScript, ${text}`);
}
