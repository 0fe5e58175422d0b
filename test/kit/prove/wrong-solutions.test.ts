// needs: answers
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rootFolder } from '../../../kit/base/root.ts';
import { keptSolutions } from '../../../kit/prove/kept/solutions.ts';
import { writeEdited } from '../../../kit/prove/kept/write-edited.ts';
import type { WrongSolution, WrongSolutions } from '../../../kit/prove/kept/wrong-solutions.ts';
import { catalog } from '../../../src/catalog.ts';

const lab = '03-hset-mapping';
const base = 'test/right/03-hset-mapping/plain-object.ts';
const anyInteger: WrongSolution = {
  name: 'any-integer',
  fails: ['03.add.values', '03.add.errors'],
  why: 'Number.isInteger(1e21) is true.',
  edits: [['Number.isSafeInteger(value)', 'Number.isInteger(value)']],
};

describe('writeEdited()', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storelab-wrong-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const write = (...solutions: WrongSolution[]) => writeEdited(lab, { base, solutions }, folder);

  it('writes what is judged: the base with the edits made, under what it fails and why', async () => {
    const [solution] = await write(anyInteger);
    const path = join(folder, lab, 'any-integer.ts');
    const source = 'test/wrong/03-hset-mapping.ts, any-integer';
    expect(solution).toMatchObject({ lab, name: 'any-integer', path, source, fails: anyInteger.fails });
    const right = await readFile(join(rootFolder(), base), 'utf8');
    const [comment, ...lines] = right.replace('isSafeInteger', 'isInteger').split('\n');
    expect(comment).toMatch(/^\/\//);
    expect(await readFile(path, 'utf8')).toBe(
      `// fails: 03.add.values 03.add.errors\n// Number.isInteger(1e21) is true.\n${lines.join('\n')}`,
    );
  });

  it('leaves a file as it is that holds the same, and replaces one that does not', async () => {
    const file = async () => (await stat(join(folder, lab, 'any-integer.ts'))).ino;
    await write(anyInteger);
    const first = await file();
    await write(anyInteger);
    expect(await file()).toBe(first);
    await write({ ...anyInteger, why: 'It takes 1e21.' });
    expect(await file()).not.toBe(first);
  });

  it('takes the code of a worked answer', async () => {
    const edits = [['Number.isSafeInteger(value)', 'Number.isInteger(value)']] as const;
    const definition: WrongSolutions = {
      base: `answers/${lab}.md`,
      solutions: [{ ...anyInteger, edits }],
    };
    const [solution] = await writeEdited(lab, definition, folder);
    const text = await readFile(solution!.path, 'utf8');
    expect(text).toContain('if (Number.isInteger(value) && (value as number) > 0)');
    expect(text).not.toContain('```');
  });

  it('names a base that is not there', async () => {
    const none: WrongSolutions = { base: 'test/right/03-hset-mapping/none.ts', solutions: [anyInteger] };
    await expect(writeEdited(lab, none, folder)).rejects.toThrow(
      'test/wrong/03-hset-mapping.ts: its base test/right/03-hset-mapping/none.ts is not there.',
    );
  });

  it.each<[what: string, message: RegExp, entry: Partial<WrongSolution>]>([
    ['no fails', /03-hset-mapping\.ts, x has no "fails"\. Name the check/, { fails: undefined as never }],
    ['empty fails', /03-hset-mapping\.ts, x has no "fails"/, { fails: [] as never }],
    ['a blank in fails', /03-hset-mapping\.ts, x has no "fails"/, { fails: [' '] }],
    ['no why', /03-hset-mapping\.ts, x has no "why"\. Say in one sentence/, { why: undefined as never }],
    ['a blank why', /03-hset-mapping\.ts, x has no "why"/, { why: ' ' }],
    [
      'the name of another',
      /03-hset-mapping\.ts has two solutions named any-integer/,
      { name: 'any-integer' },
    ],
    ['a path for a name', /03-hset-mapping\.ts: "\.\.\/x" is no name/, { name: '../x' }],
    ['no edits', /03-hset-mapping\.ts, x has no edits/, { edits: [] }],
    [
      'an edit of another text',
      /x, edit 1: test\/right\/\S+ does not hold this text/,
      { edits: [['+++', '']] },
    ],
  ])('refuses an entry with %s, and writes nothing', async (_, message, entry) => {
    await expect(write(anyInteger, { ...anyInteger, name: 'x', ...entry })).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('the wrong solutions that are kept', () => {
  it('belong to a lab of the catalogue', async () => {
    const labs = catalog.map(({ id }) => id);
    const found = (await readdir(join(rootFolder(), 'test/wrong'))).map((name) => name.replace(/\.ts$/, ''));
    expect([...new Set(found)].sort()).toEqual(labs);
  });

  it.each(catalog.map(({ id }) => id))(
    'of %s are all there to be judged, each by its own name',
    async (id) => {
      const { wrong } = (await import(`../../wrong/${id}.ts`)) as { wrong: WrongSolutions };
      const kept = await keptSolutions('wrong', id);
      const names = kept.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(names).toEqual(names.toSorted());
      expect(wrong.solutions.length).toBeGreaterThan(0);
      expect(names).toEqual(expect.arrayContaining(wrong.solutions.map(({ name }) => name)));
      const texts = await Promise.all(kept.map(({ path }) => readFile(path, 'utf8')));
      expect(new Set(texts.map((text) => text.replace(/^(\/\/.*\n)+/, ''))).size).toBe(texts.length);
      for (const [i, { lab, fails }] of kept.entries()) {
        expect(lab).toBe(id);
        for (const check of fails) expect(check).toMatch(new RegExp(`^${id.slice(0, 2)}\\.`));
        expect(texts[i]).toContain(`// fails: ${fails.join(' ')}\n`);
      }
    },
  );
});
