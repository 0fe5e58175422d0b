import { existsSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { studentsEdition } from '../base/edition.ts';
import { rootFolder } from '../base/root.ts';

/** Whose labs are graded. */
export interface Submission {
  /** What reports call it: `labs`, `answers`, or the folder's or file's name. */
  name: string;
  /** Absolute path of the folder that holds `<id>.ts`, or of one lab's file. */
  path: string;
}

/**
 * What `LABS` names: `labs` (the student's, the default), `answers` (the worked ones), a folder that holds
 * `<id>.ts`, or one such file.
 *
 * @param from the folder that relative paths start from.
 * @throws NoSuchSubmission where nothing is there.
 */
export function findSubmission(labs = 'labs', from = process.cwd()): Submission {
  if (labs === 'answers' && studentsEdition()) {
    const error = new Error(
      "The worked answers are not part of this students' edition: leave out LABS=answers (or --answers), and your own labs run.",
    );
    error.name = 'NoSuchSubmission';
    throw error;
  }
  if (labs === 'labs' || labs === 'answers') {
    return { name: labs, path: join(rootFolder(), labs === 'labs' ? 'labs' : '.answers') };
  }
  const path = resolve(from, labs);
  if (existsSync(path)) return { name: basename(path, '.ts'), path };
  const error = new Error(
    `LABS=${labs}: there is no folder or file ${path}. Use labs, answers, or a folder with <id>.ts files.`,
  );
  error.name = 'NoSuchSubmission';
  throw error;
}

/** The file in which a submission implements a lab. It may be missing: the runner then says so. */
export async function fileOf(submission: Submission, lab: string): Promise<string> {
  if (submission.name === 'answers') return (await import('./extract-answers.ts')).extractAnswer(lab);
  if (existsSync(submission.path) && statSync(submission.path).isFile()) return submission.path;
  const nested = join(submission.path, 'labs', `${lab}.ts`);
  return existsSync(nested) ? nested : join(submission.path, `${lab}.ts`);
}

/** How to name a student's file to the student: never with a path of this machine. */
export function shownName(file: string, lab: string): string {
  const inside = relative(rootFolder(), file);
  if (inside.startsWith('.answers')) return `answers/${lab}.md`;
  return inside.startsWith('..') ? `${lab}.ts` : inside;
}
