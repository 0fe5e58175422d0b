import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootFolder } from '../../../kit/base/root.ts';
import { readWritten } from '../../../kit/class/written/read-written.ts';
import { templateOf } from '../../../kit/class/written/template.ts';
import { moduleOf } from '../../../kit/judge/extract-answers.ts';
import { functionsOf } from '../../../kit/judge/stub-functions.ts';
import { catalog, findLab } from '../../../src/catalog.ts';

const lab = findLab('03');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storelab-written-'));
  await mkdir(join(folder, 'answers'));
});
afterAll(() => rm(folder, { recursive: true }));

async function answer(markdown: string, id = lab.id) {
  await writeFile(join(folder, 'answers', `${id}.md`), markdown);
  return readWritten(folder, { lab: id });
}
const template = templateOf(lab);
const filled = (text: string) => template.replace(/_Write your.*_/, () => text);
const fence = (code: string, language = 'ts') => `\`\`\`${language}\n${code}\n\`\`\`\n`;
const output = fence('OK', '');

describe('readWritten() of what is no answer', () => {
  it('says that a file was not handed in', async () => {
    expect(await readWritten('/nonexistent', { lab: lab.id })).toEqual({
      lab: lab.id,
      title: lab.title,
      file: 'answers/03-hset-mapping.md',
      state: 'missing',
      underHeading: false,
      illustrated: false,
      remarks: ['answers/03-hset-mapping.md was not handed in.'],
      defines: [],
    });
  });

  it.each([
    ['the template', template],
    ['the template without its placeholder', filled('')],
    [
      'the template with other spaces and line ends',
      template.replaceAll('\n', '  \r\n').replace('> ', '>  '),
    ],
    ['headings alone', '# My title\n\n## And another\n'],
    ['a comment', filled('<!-- to do later -->')],
    ['an empty block of code', filled('```ts\n```')],
  ])('knows %s', async (_, markdown) => {
    const { state, underHeading, illustrated, remarks } = await answer(markdown);
    expect({ state, underHeading, illustrated }).toEqual({
      state: 'template',
      underHeading: false,
      illustrated: false,
    });
    expect(remarks).toEqual(['The answer is still to be written.']);
  });

  it('says that a file is empty', async () => {
    expect((await answer(' \n')).remarks).toEqual(['The file is empty.']);
  });
});

describe('readWritten() of an answer', () => {
  it.each([
    ['in the template', filled(`HSET does it.\n\n${output}`)],
    ['behind the placeholder that was left', `${template}\nHSET does it.\n\n${output}`],
    ['under Answer', `# Anything\n\n## Answer\n\nText\n\n${output}`],
    ['under a subheading of the answer', filled(`### First\n\nText\n\n${output}`)],
    ['under a French heading', `## Ma réponse\n\nTexte\n\n${output}`],
    ['under the question', `## ${lab.question}\n\nText\n\n${output}`],
    ['under the question as a quote', `> ${lab.question}\n\nText\n\n${output}`],
    ['under the number of the question', `## Question 3\n\nText\n\n${output}`],
    ['under the title of the lab', `### ${lab.title}\n\nText\n\n${output}`],
    ['under a title alone', `# TP Redis\n\nText\n\n${output}`],
    ['with code in a list', filled(`- Text\n\n  ${output.replaceAll('\n', '\n  ')}`)],
    ['with indented code', filled('Text\n\n    127.0.0.1:6379> HSET a b c\n')],
    ['of code alone', filled(output)],
  ])('finds nothing to say of one %s', async (_, markdown) => {
    const { state, underHeading, illustrated, remarks } = await answer(markdown);
    expect({ state, underHeading, illustrated, remarks }).toEqual({
      state: 'present',
      underHeading: true,
      illustrated: true,
      remarks: [],
    });
  });

  it.each([
    [
      'above the heading',
      template.replace('## Your', `Text\n\n${output}\n## Your`),
      'Nothing stands under the heading at line 11: what was written stands above it.',
    ],
    [
      'without any heading',
      `Text\n\n${output}`,
      'No heading says where the answer begins: put "## Your answer" above it.',
    ],
    [
      'without code',
      filled('HSET does it.'),
      'Nothing illustrates the answer: show code or terminal output in a block between lines of three backticks.',
    ],
    [
      'with code in a sentence only',
      filled('`HSET` does it.'),
      'The answer mentions code in its sentences, but nothing illustrates it: show code or terminal output in a block between lines of three backticks.',
    ],
    [
      'with a block never closed',
      filled(`Text\n\n\`\`\`\nHSET\n\nMore text`),
      'The block of code at line 9 is never closed, so all that follows counts as code: put three backticks on a line behind it.',
    ],
  ])('has a sentence for one %s', async (_, markdown, remark) => {
    expect((await answer(markdown)).remarks).toEqual([remark]);
  });

  it('does not take a picture for an illustration', async () => {
    const { illustrated, remarks } = await answer(filled('See ![my terminal](screen.png)'));
    expect(illustrated).toBe(false);
    expect(remarks[1]).toMatch(/^The picture at line 7 is not shown here: copy what it shows as text/);
  });

  it('has nothing against any worked answer, and finds its module in it', async () => {
    for (const { id } of catalog) {
      const markdown = await readFile(join(rootFolder(), 'answers', `${id}.md`), 'utf8');
      const { remarks, state, underHeading, illustrated, defines, module } = await answer(markdown, id);
      expect({ id, remarks, state, underHeading, illustrated }).toEqual({
        id,
        remarks: [],
        state: 'present',
        underHeading: true,
        illustrated: true,
      });
      expect(defines).toEqual(await functionsOf(id));
      expect(await readFile(module!, 'utf8')).toBe(moduleOf(markdown));
    }
  });
});

describe('readWritten() of code', () => {
  const [slow, fast] = ['addOrderToRedisFieldByField', 'addOrderToRedis'];
  const define = (name: string, body = '1') => `export async function ${name}() {\n  return ${body};\n}`;
  const codeOf = async (markdown: string) => {
    const { module, defines, remarks } = await answer(filled(markdown));
    return { code: module && (await readFile(module, 'utf8')), defines, remarks };
  };
  const start = '\n'.repeat(7);

  it('knows the functions of a lab', async () => {
    expect(await functionsOf(lab.id)).toEqual([slow, fast]);
  });

  it('forms a module with the lines of the answer', async () => {
    expect(await codeOf(`${fence(define(slow!))}\nand\n\n${fence(define(fast!))}`)).toEqual({
      code: `${start}${define(slow!)}\n\n\n\n\n\n${define(fast!)}\n`,
      defines: [slow, fast],
      remarks: [],
    });
  });

  it('exports what was not exported, behind the last line', async () => {
    const code = `const ${fast} = async () => 1;`;
    expect((await codeOf(fence(code, 'typescript'))).code).toBe(`${start}${code}\nexport { ${fast} };\n`);
    expect((await codeOf(fence(`${code}\nexport { ${fast} };`))).code).toBe(
      `${start}${code}\nexport { ${fast} };\n`,
    );
  });

  it('leaves examples of use out', async () => {
    const use = fence(`import { ${fast} } from '../labs/03.ts';\nawait ${fast}(lab, order);`);
    expect((await codeOf(use)).defines).toEqual([]);
    const both = await codeOf(`${fence(`${define(fast!)}\nconsole.log(await ${fast}());`)}\n${use}`);
    expect(both).toMatchObject({ defines: [fast], remarks: [] });
    expect(both.code).not.toContain('console');
    expect(both.code).not.toContain('import');
  });

  it('takes the last of two versions of a function, with the helpers of both', async () => {
    const { code, remarks } = await codeOf(
      `${fence(`const helper = 1;\n${define(fast!, 'helper')}`)}\n${fence(define(fast!, 'helper + 1'))}`,
    );
    expect(remarks).toEqual([]);
    expect(code?.match(/return .*/g)).toEqual(['return helper + 1;']);
    expect(code).toContain('const helper = 1;');
  });

  it.each([
    ['with dots for what is left out', `export async function addOrderToRedis() {\n  ...\n}`],
    ['with a comment for what is left out', `export async function addOrderToRedis() {\n  // ...\n}`],
    ['cut off', `export async function addOrderToRedis() {`],
  ])('makes no module of a fragment %s, and says that it costs nothing', async (_, code) => {
    expect(await codeOf(fence(code))).toEqual({
      code: undefined,
      defines: [],
      remarks: [
        'The code at line 8 shows addOrderToRedis in part, which is fine for an explanation: the checks were not asked about it.',
      ],
    });
  });

  it.each([
    ['of another language', fence(define('addOrderToRedis'), 'js')],
    ['of other functions', fence(define('other'))],
    ['of types', fence('interface Order { id: number }')],
    ['of a call', fence("await redis.hset('a', { b: 1 });")],
  ])('says nothing of code %s', async (_, markdown) => {
    expect(await codeOf(markdown)).toEqual({ code: undefined, defines: [], remarks: [] });
  });

  it('says where blocks do not fit together', async () => {
    const { code, remarks } = await codeOf(fence(`${define(fast!)}\nconst a = 1;\nconst a = 2;`));
    expect(code).toBeUndefined();
    expect(remarks[0]).toMatch(
      /^The ts blocks do not form one module \(line 12: .*"a" has already been declared\)/,
    );
  });
});
