import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findLab } from '../../../src/catalog.ts';
import { writeWhole } from '../../base/write-whole.ts';
import { functionsOf } from '../../judge/stub-functions.ts';
import type { WrittenAnswer } from '../report/result-schema.ts';
import { answerModule } from './answer-module.ts';
import { judgeAnswer } from './judge-answer.ts';
import { renderAnswer } from './render.ts';

export interface ReadAnswer extends WrittenAnswer {
  /** Path of `written/<id>.ts` in the safe copy, where the answer defines functions of the lab: for the checks to judge. */
  module?: string;
  /** Which functions those are. */
  defines: string[];
}

/**
 * Reads the written answer of a lab in a safe copy that `collect` made. Nothing of it runs, nothing of it costs points.
 * The code that its TypeScript fences form is written to `written/<id>.ts` beside it.
 *
 * @param folder the copy of one student: it holds `answers/<id>.md`.
 * @example (await readWritten('/tmp/copies/zoe', { lab: '03-hset-mapping' })).state // 'present'
 */
export async function readWritten(folder: string, { lab }: { lab: string }): Promise<ReadAnswer> {
  const entry = findLab(lab);
  const file = `answers/${entry.id}.md`;
  const about = { lab: entry.id, title: entry.title, file };
  const markdown = await readFile(join(folder, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (markdown === undefined) {
    const remarks = [`${file} was not handed in.`];
    return { ...about, state: 'missing', underHeading: false, illustrated: false, remarks, defines: [] };
  }
  const judged = judgeAnswer(markdown, entry);
  const html = renderAnswer(markdown, { shift: 2 });
  if (judged.state === 'template') return { ...about, ...judged, html, defines: [] };
  const { code, defines, remarks } = await answerModule(markdown, await functionsOf(entry.id));
  const answer = { ...about, ...judged, html, defines, remarks: [...judged.remarks, ...remarks] };
  if (!code) return answer;
  const module = join(folder, 'written', `${entry.id}.ts`);
  await mkdir(join(folder, 'written'), { recursive: true });
  await writeWhole(module, code);
  return { ...answer, module };
}
