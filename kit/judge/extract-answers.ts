import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import { catalog } from '../../src/catalog.ts';
import { studentsEdition } from '../base/edition.ts';
import { rootFolder } from '../base/root.ts';
import { writeWhole } from '../base/write-whole.ts';

/**
 * The module that the `ts` fences of a worked answer form, in order. Every line of code keeps the line number that
 * it has in the Markdown, so an error's line is a line of the answer.
 *
 * @example moduleOf('Say it:\n\n```ts\nexport const a = 1;\n```\n') // '\n\n\nexport const a = 1;\n'
 */
export function moduleOf(markdown: string): string {
  const lines: string[] = [];
  for (const token of new MarkdownIt().parse(markdown, {})) {
    if (token.type !== 'fence' || token.info.trim() !== 'ts' || !token.map) continue;
    const from = token.map[0] + 1;
    while (lines.length < from) lines.push('');
    lines.push(...token.content.replace(/\n$/, '').split('\n'));
  }
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}

/** The folder of the extracted answers, at the depth of `labs/`, so that relative imports hold. */
export const answersFolder = (): string => join(rootFolder(), '.answers');

/**
 * Writes the code of `answers/<id>.md` to `.answers/<id>.ts`.
 *
 * @returns the path written.
 * @throws Error where the answer is not there or holds no code.
 */
export async function extractAnswer(id: string): Promise<string> {
  const source = join(rootFolder(), 'answers', `${id}.md`);
  const code = moduleOf(await readFile(source, 'utf8'));
  if (!code)
    throw new Error(`${source} has no \`\`\`ts block: the code of an answer stands in its Markdown.`);
  await mkdir(answersFolder(), { recursive: true });
  const path = join(answersFolder(), `${id}.ts`);
  await writeWhole(path, code);
  return path;
}

/** Extracts every worked answer of the catalogue: none in a students' edition. */
export async function extractAnswers(): Promise<void> {
  if (studentsEdition()) return;
  await Promise.all(catalog.map(({ id }) => extractAnswer(id)));
}
