import { parse } from 'csv-parse/sync';
import { columnsOf, rowsOf, writtenColumn } from './grades-csv.ts';
import type { ClassResult, StudentResult, WrittenAnswer } from './result-schema.ts';
import { WRITTEN_MAX } from './rubric.ts';

/** An edited grades.csv that does not fit the class. Nothing was changed. */
export class ImportRefused extends Error {
  override name = 'ImportRefused';
}

type Row = Record<string, string>;
type Known = ReturnType<typeof rowsOf>[number];

/** Columns whose numbers a spreadsheet keeps, and which only grading may change. */
const fixed = /^(raw_score|late_submission_penalty|score|not_judged|points_.+)$/;

/**
 * Takes the points of the `written_...` columns of an edited `grades.csv` into the class; an emptied cell takes points
 * back, a student whose row is missing keeps what there is. It reads what spreadsheets write: separated by comma,
 * semicolon or tab, with a decimal comma, with or without a byte order mark. The result given is not changed.
 *
 * @throws ImportRefused that names the row: an unknown student, a changed column, no number, more than 10 points.
 * @example importGrades('...,slug,...,written_03-hset-mapping\r\n...,zoe-muller,...,7.5\r\n', result)
 */
export function importGrades(csvText: string, result: ClassResult): ClassResult {
  const known = rowsOf(result);
  const given = new Map<StudentResult, Map<string, number | undefined>>();
  for (const { number, row } of read(csvText, columnsOf(result))) {
    const { student, row: written } = find(row, { known, number });
    const place = `Row ${number} (${student.student})`;
    if (given.has(student)) throw new ImportRefused(`${place}: this student has a row above already.`);
    for (const [column, was] of Object.entries(written)) {
      if (!fixed.test(column) || toNumber(row[column]!) === was) continue;
      // A copy from before an earlier import has the score without what was given since.
      if (column === 'score' && toNumber(row.score!) === written.raw_score) continue;
      throw new ImportRefused(
        `${place}: ${column} is "${row[column]}" and was ${was}. Only the columns written_... may be edited.`,
      );
    }
    given.set(
      student,
      new Map(result.labs.map(({ id }) => [id, pointsIn(row[writtenColumn(id)]!, { place, lab: id })])),
    );
  }
  return {
    ...result,
    students: result.students.map((student) => merged(student, { result, points: given.get(student) })),
  };
}

function read(text: string, columns: string[]): { number: number; row: Row }[] {
  const [header = ''] = text.replace(/^\ufeff/, '').split(/\r?\n/, 1);
  const delimiter = [',', ';', '\t'].find((one) => header.split(one).length > 1) ?? ',';
  let records: { info: { lines: number }; record: string[] }[];
  try {
    records = parse(text, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as never;
  } catch (error) {
    throw new ImportRefused(
      `This is no CSV file: ${(error as Error).message}. Save the sheet as CSV (UTF-8).`,
    );
  }
  const names = (records.shift()?.record ?? []).map((name) => name.trim());
  const missing = columns.filter((column) => !names.includes(column));
  const more = names.filter((name) => name !== '' && (!columns.includes(name) || repeats(names, name)));
  if (missing.length > 0 || more.length > 0) {
    const says = [
      missing.length > 0 ? `without ${missing.join(', ')}` : '',
      more.length > 0 ? `with ${more.join(', ')}, which it did not have` : '',
    ].filter(Boolean);
    throw new ImportRefused(
      `Row 1: the columns were changed: ${says.join(' and ')}. Begin again from grades.csv, and edit only written_... columns.`,
    );
  }
  return records.map(({ record }, i) => {
    const number = i + 2;
    if (record.length !== names.length) {
      throw new ImportRefused(
        `Row ${number} has ${record.length} cells, the first row ${names.length}. Is a quote or a separator missing?`,
      );
    }
    return { number, row: Object.fromEntries(names.map((name, at) => [name, record[at]!.trim()])) };
  });
}

const repeats = (names: string[], name: string): boolean => names.indexOf(name) !== names.lastIndexOf(name);

/** By slug, or by a slug of digits that a spreadsheet took for a number: '0042' became '42'. */
function find({ slug = '' }: Row, { known, number }: { known: Known[]; number: number }): Known {
  const bare = (text: string) => text.replace(/^0+(?=\d)/, '');
  const exact = known.find(({ student }) => student.slug === slug);
  const alike = known.filter(({ student }) => /^\d+$/.test(slug) && bare(student.slug) === bare(slug));
  const found = exact ?? (alike.length === 1 ? alike[0] : undefined);
  if (found) return found;
  throw new ImportRefused(
    `Row ${number}: no student of this class has the slug "${slug}". Is the file from another class?`,
  );
}

/** A number as a spreadsheet writes it, or NaN. */
function toNumber(cell: string): number {
  const text = cell.replace(/^'/, '').trim();
  return /^-?\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
}

function pointsIn(cell: string, { place, lab }: { place: string; lab: string }): number | undefined {
  if (cell === '') return undefined;
  const points = toNumber(cell);
  if (points >= 0 && points <= WRITTEN_MAX) return points;
  const why = Number.isNaN(points)
    ? 'is no number'
    : points < 0
      ? 'is less than 0'
      : `is more than the ${WRITTEN_MAX} points that a written answer can earn`;
  throw new ImportRefused(`${place}: ${writtenColumn(lab)} is "${cell}", which ${why}.`);
}

function merged(
  student: StudentResult,
  { result, points }: { result: ClassResult; points: Map<string, number | undefined> | undefined },
): StudentResult {
  if (!points) return student;
  const written = result.labs.flatMap(({ id, title }): WrittenAnswer[] => {
    const before = student.written.find(({ lab }) => lab === id);
    const given = points.get(id);
    if (!before && given === undefined) return [];
    const { points: _, ...rest } = before ?? {
      lab: id,
      title,
      file: `answers/${id}.md`,
      state: 'missing' as const,
      underHeading: false,
      illustrated: false,
      remarks: [],
    };
    return [given === undefined ? rest : { ...rest, points: given }];
  });
  return { ...student, written };
}
