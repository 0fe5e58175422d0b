import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeWhole } from '../../base/write-whole.ts';
import { byName } from './by-name.ts';
import { classHtml } from './class-html.ts';
import { classroomResult } from './classroom.ts';
import { feedbackHtml } from './feedback-html.ts';
import { feedbackMarkdown } from './feedback-md.ts';
import { gradesCsv } from './grades-csv.ts';
import { gradescopeResults } from './gradescope.ts';
import { importGrades } from './import-grades.ts';
import { junitXml } from './junit.ts';
import type { ClassResult, StudentResult } from './result-schema.ts';
import { parseResult, resultJson } from './result-schema.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What stands in a student's folder. */
const studentFiles: Record<string, (student: StudentResult, result: ClassResult) => string> = {
  'feedback.html': feedbackHtml,
  'feedback.md': feedbackMarkdown,
  'results.json': (student, result) => json(gradescopeResults(student, result)),
  'classroom.json': (student, result) => json(classroomResult(student, result)),
};

/** What stands in the folder of the class. `result.json` is last: with it, the reports are complete. */
const classFiles: Record<string, (result: ClassResult) => string> = {
  'class.html': classHtml,
  'grades.csv': gradesCsv,
  'junit.xml': junitXml,
  'result.json': resultJson,
};

/**
 * Writes every report of a class below `out`, each file whole or not at all, and resolves to their paths below `out`.
 * Files of other names there stay.
 *
 * @throws Error for a slug that is no file name, or that two students share; then nothing is written.
 * @example await writeReports(result, 'graded') // ['students/zoe-muller/feedback.html', ..., 'class.html', 'result.json']
 */
export async function writeReports(result: ClassResult, out: string): Promise<string[]> {
  refuseSlugs(result.students);
  const written: string[] = [];
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(out, path)), { recursive: true });
    await writeWhole(join(out, path), text);
    written.push(path);
  };
  for (const student of byName(result.students)) {
    for (const [name, make] of Object.entries(studentFiles)) {
      await write(`students/${student.slug}/${name}`, make(student, result));
    }
  }
  for (const [name, make] of Object.entries(classFiles)) await write(name, make(result));
  return written;
}

/**
 * Takes the written points of an edited `grades.csv` into the class that `out` holds, and writes its reports anew.
 *
 * @throws ImportRefused where the CSV does not fit, Error where `out` holds no graded class; nothing is changed then.
 * @example await importInto('graded', { csv: await readFile('graded/grades.csv', 'utf8') })
 */
export async function importInto(out: string, { csv }: { csv: string }): Promise<string[]> {
  const text = await readFile(join(out, 'result.json'), 'utf8').catch(() => {
    throw new Error(
      `${join(out, 'result.json')} cannot be read. Give the folder that \`./lab grade\` wrote with --out.`,
    );
  });
  return writeReports(importGrades(csv, parseResult(text)), out);
}

function refuseSlugs(students: readonly StudentResult[]): void {
  const seen = new Set<string>();
  for (const { slug, student } of students) {
    const key = slug.toLowerCase();
    if (!/^(?!\.)[\p{L}\p{N}._-]{1,200}$/u.test(slug))
      throw new Error(
        `The slug "${slug}" of ${student} is no file name: letters, digits, dot, - and _ only.`,
      );
    if (seen.has(key)) throw new Error(`Two students have the slug "${slug}".`);
    seen.add(key);
  }
}
