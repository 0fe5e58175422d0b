/** A file that somebody may hand in for lab 03. */
export interface OneFile {
  /** A file name that says what is special about it. */
  name: string;
  bytes: Buffer;
  /** Whether it loads at all; where not, no check passes. */
  loads: boolean;
  /**
   * What a notebook says where it alone refuses it: a cell runs no file with a type error, and the kernel compiles files to
   * what has no `await` at its top.
   */
  notInNotebook?: RegExp;
  /** A notebook loads it all the same, as the kernel compiles to CommonJS; its check then says what is wrong. */
  onlyInNotebook?: boolean;
  /** What the project's own tsconfig.json is stricter about than the checks' warnings. */
  stricter?: boolean;
  /** Lines, from 1, on which TypeScript finds fault. */
  typeErrors?: number[];
}

/**
 * The worked answer of lab 03 as editors, habits and mistakes change it.
 *
 * @param answer its text.
 */
export function corpusOf(answer: string): OneFile[] {
  const lines = answer.trimEnd().split('\n').length;
  const behind = (text: string) => Buffer.from(`${answer.trimEnd()}\n${text}\n`);
  const before = (text: string) => Buffer.from(`${text}\n${answer}`);
  const mark = '\ufeff';
  const files: OneFile[] = [
    { name: 'as-it-is', bytes: Buffer.from(answer), loads: true },
    { name: 'crlf', bytes: Buffer.from(answer.replaceAll('\n', '\r\n')), loads: true },
    { name: 'cr', bytes: Buffer.from(answer.replaceAll('\n', '\r')), loads: true },
    { name: 'utf8-mark', bytes: Buffer.from(mark + answer), loads: true },
    { name: 'utf16-mark', bytes: Buffer.from(mark + answer, 'utf16le'), loads: true },
    { name: 'utf16be-mark', bytes: Buffer.from(mark + answer, 'utf16le').swap16(), loads: true },
    {
      name: 'no-break-spaces',
      bytes: Buffer.from(answer.replaceAll(/^( *const \w+) = /gm, '$1\u00a0=\u00a0')),
      loads: true,
    },
    { name: 'tabs', bytes: Buffer.from(answer.replaceAll('  ', '\t')), loads: true },
    {
      name: 'default-import',
      bytes: before(
        "import Redis from 'ioredis';\nexport const isClient = (a: unknown) => a instanceof Redis;",
      ),
      loads: true,
    },
    {
      name: 'both-imports',
      bytes: before(
        "import Redis, { Redis as Named } from 'ioredis';\nif (Redis !== Named) throw new Error('two');",
      ),
      loads: true,
    },
    {
      name: 'built-in',
      bytes: before("import { createHash } from 'node:crypto';\ncreateHash('md5');"),
      loads: true,
    },
    {
      name: 'top-level-await',
      bytes: behind('await Promise.resolve();'),
      loads: true,
      notInNotebook: /'await' expressions/,
    },
    {
      name: 'enum',
      bytes: behind('enum Field { Id = "id" }\nexport const first = Field.Id;'),
      loads: true,
      stricter: true,
    },
    { name: 'default-export-too', bytes: behind('export default addOrderToRedis;'), loads: true },
    {
      name: 'type-error',
      bytes: behind("export const price: number = 'a';"),
      loads: true,
      typeErrors: [lines + 1],
      notInNotebook: /Type 'string' is not assignable/,
    },
    {
      name: 'only-in-part',
      bytes: Buffer.from(answer.replace('addOrderToRedisFieldByField(', 'addOrderToRedisFieldByFields(')),
      loads: true,
    },
    {
      name: 'module-exports',
      bytes: behind('module.exports = { addOrderToRedis };'),
      loads: false,
      onlyInNotebook: true,
    },
    {
      name: 'requires',
      bytes: before("const crypto = require('node:crypto');\nvoid crypto;"),
      loads: false,
      onlyInNotebook: true,
    },
    { name: 'syntax-error', bytes: behind('export const a = ;'), loads: false },
    { name: 'throws-at-once', bytes: behind("throw new Error('at once');"), loads: false },
    { name: 'empty', bytes: Buffer.from(''), loads: true, notInNotebook: /is not a module/ },
  ];
  return files;
}
