import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type ts from '@tslab/typescript-for-tslab';
import { rootFolder } from '../base/root.ts';
import { COMPILER, tslabRequire } from '../base/tslab-require.ts';
import { committedStub } from './committed-stub.ts';

let loaded: typeof ts | undefined;

/** A TypeScript that parses in this process (the kernel's): the current one is a program of its own. Loaded once asked for. */
export function compiler(): typeof ts {
  loaded ??= tslabRequire(rootFolder())(COMPILER) as typeof ts;
  return loaded;
}

const known = new Map<string, Promise<string[]>>();

/**
 * The functions that a student implements in a lab: those its stub exports, in order.
 *
 * @example await functionsOf('03-hset-mapping') // ['addOrderToRedisFieldByField', 'addOrderToRedis']
 */
export function functionsOf(lab: string): Promise<string[]> {
  const before = known.get(lab);
  if (before) return before;
  const names = read(lab);
  known.set(lab, names);
  return names;
}

async function read(lab: string): Promise<string[]> {
  const { path } = await committedStub(lab);
  return functionsIn(await readFile(join(path, `${lab}.ts`), 'utf8').catch(() => ''));
}

/**
 * The functions that a module exports, in order.
 *
 * @example functionsIn('export async function ping() {}\nfunction own() {}\n') // ['ping']
 */
export function functionsIn(source: string): string[] {
  const t = compiler();
  const { statements } = t.createSourceFile('stub.ts', source, t.ScriptTarget.ESNext);
  return statements.flatMap((statement) => {
    if (!t.isFunctionDeclaration(statement) || !statement.body || !statement.name) return [];
    const exported = statement.modifiers?.some(({ kind }) => kind === t.SyntaxKind.ExportKeyword);
    return exported ? [statement.name.text] : [];
  });
}
