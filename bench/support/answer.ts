import { extractAnswer } from '../../kit/judge/extract-answers.ts';
import { transpile } from '../../kit/judge/runner/transpile.ts';
import { findLab } from '../../src/catalog.ts';

/** The worked answer of a lab, made ready to import: the absolute path of a module. */
export async function answerModule(lab: string): Promise<string> {
  const { id, packages } = findLab(lab);
  return (await transpile(await extractAnswer(id), packages)).file;
}
