import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CannotLoad, transpile } from '../../kit/judge/runner/transpile.ts';
import { typeWarningsOf } from '../../kit/judge/types/type-warnings.ts';

let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storelab-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(bytes: string | Buffer): Promise<string> {
  const file = join(folder, `lab-${++files}.ts`);
  await writeFile(file, bytes);
  return file;
}

const refusal = async (bytes: string | Buffer): Promise<CannotLoad> =>
  transpile(await write(bytes), ['ioredis']).then(
    () => expect.unreachable('the file was not refused'),
    (error) => {
      expect(error).toBeInstanceOf(CannotLoad);
      return error;
    },
  );

const text =
  'const name: string = "é";\nexport const look = () => name;\nexport const wrong: number = "a";\n';
const utf16be = (from: string) => Buffer.from(`\ufeff${from}`, 'utf16le').swap16();

describe("a student's file", () => {
  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 LE', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 BE', utf16be(text)],
    ['lines that end in CRLF', Buffer.from(text.replaceAll('\n', '\r\n'))],
    ['lines that end in CR', Buffer.from(text.replaceAll('\n', '\r'))],
    ['spaces that do not break', Buffer.from(text.replaceAll(' =', '\u00a0='))],
  ])('is the same in %s, to the judge and to the compiler', async (_, bytes) => {
    const file = await write(bytes);
    const module = await import(pathToFileURL((await transpile(file, [])).file).href);
    expect(module.look()).toBe('é');
    expect((await typeWarningsOf([file])).get(file)).toEqual([
      "TypeScript, line 3: Type 'string' is not assignable to type 'number'.",
    ]);
  });

  test('that is UTF-16 without a mark is told to be saved as UTF-8', async () => {
    expect((await refusal(Buffer.from(text, 'utf16le'))).message).toContain('save it as UTF-8');
  });

  test('with an invisible character names it and its line', async () => {
    const { message, line } = await refusal('const a = 1;\nconst b =\u200b 2;\n');
    expect(message).toContain('invisible character here (U+200B)');
    expect(line).toBe(2);
  });

  test.each([
    ['function a() {}\nmodule.exports = { a };', '`module.exports` exports nothing', 2],
    ['export const b = 1;\nmodule.exports = { b };', '`module.exports` exports nothing', 2],
    ['exports.a = () => 1;', '`exports` exports nothing', 1],
    ['const a = 1;\n\nexport = { a };', '`export =` exports nothing', 3],
  ])('that exports otherwise is told to write `export` before the function: %j', async (code, said, at) => {
    const { message, line } = await refusal(code);
    expect(message).toContain(said);
    expect(message).toContain('Write `export` before each function');
    expect(line).toBe(at);
  });

  test.each(['node:crypto', 'ioredis', './other.ts'])(
    'that requires %s is told to import it',
    async (path) => {
      const { message, line } = await refusal(`export const a = 1;\nconst b = require('${path}');\n`);
      expect(message).toContain(`Write \`import ... from '${path}'\` in its place`);
      expect(line).toBe(2);
    },
  );
});
