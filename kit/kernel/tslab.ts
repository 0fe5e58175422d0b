import type ts from '@tslab/typescript-for-tslab';
import type { Converter, ConverterOptions } from 'tslab/dist/converter.js';
import type { ExecuteReply } from 'tslab/dist/jupyter.js';
import { COMPILER, tslabRequire } from '../base/tslab-require.ts';

export type TypeScript = typeof ts;

/** The parts of tslab that the kernel builds on. */
export interface Tslab {
  /** tslab's own TypeScript (5.0), as it is. */
  ts: TypeScript;
  createConverter(options?: ConverterOptions): Converter;
  isCompleteCode(code: string): { completed: boolean; indent?: string };
  printQuickInfo(info: ts.QuickInfo): string;
  /** Where `display` and `newDisplay` of the package `tslab` write. */
  displayTo(write: (content: DisplayContent, update: boolean) => void): void;
}

export interface DisplayContent {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  transient: { display_id?: string };
}

export type { Converter, ExecuteReply };

/**
 * Loads tslab with some of its compiler's functions replaced.
 *
 * tslab takes no compiler options and ignores tsconfig.json, so it is handed a copy of its TypeScript in which
 * `replace` put functions of its own. Call it once a process, before anything else loads tslab.
 */
export function loadTslab(root: string, replace: (compiler: TypeScript) => Partial<TypeScript>): Tslab {
  const load = tslabRequire(root);
  const compiler: TypeScript = load(COMPILER);
  const replaced = replace(compiler);
  const copy = {};
  for (const name of Object.keys(compiler) as (keyof TypeScript)[]) {
    const get = name in replaced ? () => replaced[name] : () => compiler[name];
    Object.defineProperty(copy, name, { get, enumerable: true });
  }
  load.cache[load.resolve(COMPILER)]!.exports = copy;
  const converter = load('./dist/converter.js');
  const jupyter = load('./dist/jupyter.js');
  return {
    ts: compiler,
    createConverter: converter.createConverter,
    isCompleteCode: converter.isCompleteCode,
    printQuickInfo: load('./dist/inspect.js').printQuickInfo,
    displayTo: (write) => {
      jupyter.lastWriteDisplayData = write;
    },
  };
}
