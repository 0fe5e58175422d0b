import type ts from '@tslab/typescript-for-tslab';
import type { ConvertResult } from 'tslab/dist/converter.js';
import type { TypeScript } from './tslab.ts';

/** What is wrong with a cell, or with a file that it imports. */
export interface Problem {
  /** Absolute path; undefined for the cell itself. */
  file: string | undefined;
  /** Counted from 1. */
  line: number;
  column: number;
  code: number;
  message: string;
}

/** tslab puts this before each cell. */
const PREFIX = 'export {};\n';
const CELL = '__tslab__.ts';

/** The file in which tslab compiles the cell. */
export function isCell(file: ts.SourceFile | undefined): file is ts.SourceFile {
  return file?.fileName.endsWith(CELL) === true;
}

/** tslab recognises an `await` at the top level, and not the one of `for await`. */
export function awaitsInLoop(compiler: TypeScript, node: ts.Node): boolean {
  if (compiler.isFunctionLike(node) || compiler.isClassLike(node)) return false;
  if (compiler.isForOfStatement(node) && node.awaitModifier) return true;
  return compiler.forEachChild(node, (child) => awaitsInLoop(compiler, child)) === true;
}

/** What the compiler found, in the cell's own lines, less what tslab lets pass: an `await` at the top level. */
export function problemsOf(
  found: readonly ts.Diagnostic[],
  { diagnostics: kept }: ConvertResult,
  { flattenDiagnosticMessageText }: TypeScript,
): Problem[] {
  return found.flatMap((one) => {
    if (!one.file || one.start === undefined) return [];
    const inCell = isCell(one.file);
    const offset = one.start - (inCell ? PREFIX.length : 0);
    if (!kept.some(({ code, start }) => code === one.code && start.offset === offset)) return [];
    const { line, character } = one.file.getLineAndCharacterOfPosition(one.start);
    return {
      file: inCell ? undefined : one.file.fileName,
      line: inCell ? line : line + 1,
      column: character + 1,
      code: one.code,
      message: flattenDiagnosticMessageText(one.messageText, '\n'),
    };
  });
}
