import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { plainText } from '../../base/plain-text.ts';
import type { PlainError } from './protocol.ts';

/** What went wrong in the runner. Everything but `throw` is a fact about how the code behaved. */
export type Trouble =
  | 'throw' // the function threw or rejected
  | 'cannot load' // syntax error, forbidden import, or the module threw while it loaded
  | 'missing export'
  | 'endless loop' // the event loop was blocked until the time ran out
  | 'too slow' // its time for the check, or for all checks, is used up
  | 'never settles' // the loop was free, and the promise stayed pending
  | 'process ended' // process.exit, a crash, out of memory
  | 'protocol' // it sent what no runner sends
  | 'stray'; // a rejection or exception that nobody awaited

/** A failure of the student's code, as a check sees it: `name`, `code` and `message` are those of the thrown error. */
export class StudentError extends Error {
  trouble: Trouble;
  code: string | undefined;
  /** Line in the student's file, from 1. */
  line: number | undefined;
  /** One sentence for the student. */
  sentence: string;
  constructor(trouble: Trouble, sentence: string, detail: { error?: PlainError; line?: number } = {}) {
    super(detail.error?.message ?? sentence);
    this.name = detail.error?.name ?? 'StudentError';
    this.trouble = trouble;
    this.code = detail.error?.code;
    this.line = detail.line;
    this.sentence = sentence;
  }
}

/** The line of `file` nearest to where a stack was made, or undefined. Node has mapped the stack already. */
export function lineInStack(stack: string | undefined, file: string): number | undefined {
  const at = stack?.indexOf(`${file}:`) ?? -1;
  if (!stack || at < 0) return undefined;
  const line = Number.parseInt(stack.slice(at + file.length + 1), 10);
  return Number.isSafeInteger(line) ? line : undefined;
}

/** Maps a place of transpiled JavaScript (from 0) to the line of the student's file (from 1). */
export function originalLine(transpiled: string, line: number, column: number): number | undefined {
  const comment = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(
    readFileSync(transpiled, 'utf8'),
  );
  if (!comment) return undefined;
  const map = new SourceMap(JSON.parse(Buffer.from(comment[1]!, 'base64').toString('utf8')));
  const entry = map.findEntry(line, column);
  return 'originalLine' in entry ? entry.originalLine + 1 : undefined;
}

/** The line on which an exported function begins, found in the text; undefined when it is not plainly there. */
export function lineOfExport(file: string, name: string): number | undefined {
  const declared = new RegExp(
    `^export\\s+(?:async\\s+)?(?:function\\s*\\*?\\s*|const\\s+|let\\s+)${name}\\b`,
  );
  try {
    const at = (plainText(readFileSync(file))?.text ?? '')
      .split('\n')
      .findIndex((text) => declared.test(text));
    return at < 0 ? undefined : at + 1;
  } catch {
    return undefined;
  }
}
