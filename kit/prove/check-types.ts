import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { studentsEdition } from '../base/edition.ts';
import { rootFolder } from '../base/root.ts';
import { COMPILER, tslabRequire } from '../base/tslab-require.ts';
import { extractAnswers } from '../judge/extract-answers.ts';
import type { Claim } from './claim.ts';

/** That a program of Node's, such as a compiler, finds nothing: what it says is the detail. */
export async function findsNothing(name: string, args: string[]): Promise<Claim> {
  const { exitCode, all } = await execa(process.execPath, args, {
    cwd: rootFolder(),
    reject: false,
    all: true,
  });
  const lines = (all ?? '').split('\n').filter(Boolean);
  // What a student writes is the student's: `./lab check` warns of its types, and it is no fault of the edition.
  const own = studentsEdition() ? lines.filter((line) => /^(labs\/|\s)/.test(line)) : [];
  if (exitCode !== 0 && own.length > 0 && own.length === lines.length)
    return { name, holds: true, detail: `beside your own labs/, such as ${own[0]}` };
  return { name, holds: exitCode === 0, detail: lines.slice(0, 30).join('\n') };
}

/** The programs that check types: the project's TypeScript, and the one that the kernel compiles cells with. */
export const compilers = () => ({
  current: join(rootFolder(), 'node_modules/typescript/bin/tsc'),
  kernel: tslabRequire(rootFolder()).resolve(`${COMPILER}/lib/tsc.js`),
});

/** The program that checks format and lint. */
export const biome = () => join(rootFolder(), 'node_modules/@biomejs/biome/bin/biome');

/** Types of everything with the current compiler, and of what a notebook imports with the kernel's. */
export async function checkTypes(): Promise<Claim[]> {
  await extractAnswers();
  return Promise.all([
    findsNothing('types hold with the current TypeScript', [compilers().current, '-p', 'tsconfig.json']),
    findsNothing('types of what a notebook imports hold with the TypeScript of the kernel', [
      compilers().kernel,
      '-p',
      'tsconfig.kernel.json',
    ]),
  ]);
}

/** Format and lint, by Biome: in a students' edition not of `labs/`, which are the student's. */
export async function checkStyle(): Promise<Claim> {
  const others = () => readdirSync(rootFolder()).filter((name) => !['labs', 'node_modules'].includes(name));
  const paths = studentsEdition() ? others().filter((name) => !name.startsWith('.')) : ['.'];
  return findsNothing('style: Biome finds nothing', [biome(), 'check', '--colors=off', ...paths]);
}
