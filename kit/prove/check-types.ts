import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { studentsEdition } from '../base/edition.ts';
import { rootFolder } from '../base/root.ts';
import { extractAnswers } from '../judge/answers.ts';
import type { Claim } from './claim.ts';

async function claim(name: string, args: string[]): Promise<Claim> {
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

/** Types of everything with the current compiler, and of what a notebook imports with the kernel's. */
export async function checkTypes(): Promise<Claim[]> {
  await extractAnswers();
  const modules = join(rootFolder(), 'node_modules');
  return Promise.all([
    claim('types hold with the current TypeScript', [
      join(modules, 'typescript/bin/tsc'),
      '-p',
      'tsconfig.json',
    ]),
    claim('types of what a notebook imports hold with the TypeScript of the kernel', [
      join(modules, '@tslab/typescript-for-tslab/lib/tsc.js'),
      '-p',
      'tsconfig.kernel.json',
    ]),
  ]);
}

/** Format and lint, by Biome: in a students' edition not of `labs/`, which are the student's. */
export async function checkStyle(): Promise<Claim> {
  const biome = join(rootFolder(), 'node_modules/@biomejs/biome/bin/biome');
  const others = () => readdirSync(rootFolder()).filter((name) => !['labs', 'node_modules'].includes(name));
  const paths = studentsEdition() ? others().filter((name) => !name.startsWith('.')) : ['.'];
  return claim('style: Biome finds nothing', [biome, 'check', '--colors=off', ...paths]);
}
