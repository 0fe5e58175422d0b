import { stringify } from 'csv-stringify/sync';
import { byName } from './by-name.ts';
import { judgedLabs } from './judged-labs.ts';
import type { ClassResult, StudentResult } from './result-schema.ts';
import { safeLine } from './safe-text.ts';
import { scorer } from './score.ts';

/** nbgrader's columns, in its order, which imports of learning platforms know. */
export const nbgraderColumns = [
  'assignment',
  'duedate',
  'timestamp',
  'student_id',
  'last_name',
  'first_name',
  'email',
  'raw_score',
  'late_submission_penalty',
  'score',
  'max_score',
] as const;

/** The column that the instructor may fill with points for a lab's written answer. */
export const writtenColumn = (lab: string): string => `written_${lab}`;

/** The columns of a class: nbgrader's, then ours. */
export function columnsOf({ labs }: Pick<ClassResult, 'labs'>): string[] {
  return [
    ...nbgraderColumns,
    'slug',
    'not_judged',
    ...labs.map(({ id }) => `points_${id}`),
    ...labs.map(({ id }) => writtenColumn(id)),
  ];
}

/** A student's row, before any escaping. What a grader cannot know (names, dates) is empty, as nbgrader has it. */
export function rowsOf(
  result: ClassResult,
): { student: StudentResult; row: Record<string, string | number> }[] {
  const scoreOf = scorer(result);
  return byName(result.students).map((student) => {
    const { checks, total, max, open } = scoreOf(student);
    const name = safeLine(student.student);
    const row: Record<string, string | number> = {
      assignment: safeLine(result.name),
      student_id: name,
      email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(name) ? name : '',
      raw_score: checks,
      late_submission_penalty: 0,
      score: total,
      max_score: max,
      slug: student.slug,
      not_judged: open,
    };
    for (const { lab, points } of judgedLabs(student, result)) row[`points_${lab.id}`] = points;
    for (const { lab, points } of student.written) row[writtenColumn(lab)] = points ?? '';
    return { student, row };
  });
}

/**
 * `grades.csv`: one row a student, nbgrader's columns, the points of each lab, and an empty column for each written
 * answer, which the instructor may fill and import again. RFC 4180, with CRLF; a cell that a spreadsheet would take
 * for a formula begins with an apostrophe. UTF-8 with a byte order mark: without one, Excel reads 'Zoë' as 'ZoÃ«',
 * while LibreOffice, pandas, Moodle and Canvas skip it.
 */
export function gradesCsv(result: ClassResult): string {
  const columns = columnsOf(result);
  const rows = rowsOf(result).map(({ row }) => columns.map((column) => row[column] ?? ''));
  return stringify([columns, ...rows], {
    bom: true,
    record_delimiter: '\r\n',
    escape_formulas: true,
    quoted_match: /[\r\n]/,
  });
}
