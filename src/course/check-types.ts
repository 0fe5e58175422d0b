import { join } from 'node:path';
import { execa } from 'execa';
import { extractAnswers } from '../grade/answers.ts';
import { rootFolder } from '../root.ts';
import type { Claim } from './claim.ts';

async function claim(name: string, args: string[]): Promise<Claim> {
  const { exitCode, all } = await execa(process.execPath, args, {
    cwd: rootFolder(),
    reject: false,
    all: true,
  });
  return { name, holds: exitCode === 0, detail: all?.split('\n').slice(0, 30).join('\n') };
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

/** Format and lint, by Biome. */
export async function checkStyle(): Promise<Claim> {
  const biome = join(rootFolder(), 'node_modules/@biomejs/biome/bin/biome');
  return claim('style: Biome finds nothing', [biome, 'check', '--colors=off', '.']);
}
