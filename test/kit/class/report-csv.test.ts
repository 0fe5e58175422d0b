import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradesCsv, nbgraderColumns } from '../../../kit/class/report/grades-csv.ts';
import { ImportRefused, importGrades } from '../../../kit/class/report/import-grades.ts';
import { scoreOf } from '../../../kit/class/report/score.ts';
import { answer, classOf, exampleClass, hostile, student } from './support/class-result.ts';
import { csvRow } from './support/report-schemas.ts';

type Row = Record<string, string>;

const result = exampleClass();
const read = (csv: string): Row[] => parse(csv, { bom: true, columns: true });
const write = (rows: Row[], options = {}) => stringify(rows, { header: true, ...options });

/** The class's CSV with cells of one student changed. */
function edited(slug: string, cells: Row): string {
  return write(read(gradesCsv(result)).map((row) => (row.slug === slug ? { ...row, ...cells } : row)));
}

describe('gradesCsv()', () => {
  const csv = gradesCsv(result);

  it('is UTF-8 with a byte order mark and CRLF, which Excel reads with its accents', () => {
    expect(Buffer.from(csv, 'utf8').subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(csv.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(csv).toContain('Zoë Müller');
  });

  it('has nbgrader’s columns first, in their order', () => {
    expect(csv.slice(1).split('\r\n', 1)[0]!.split(',').slice(0, 11)).toEqual([...nbgraderColumns]);
  });

  it('has a row for each student that fits the schema', () => {
    const rows = read(csv);
    for (const row of rows) csvRow.parse(row);
    expect(rows.map(({ slug }) => slug).toSorted()).toEqual(
      result.students.map(({ slug }) => slug).toSorted(),
    );
    const zoe = rows.find(({ slug }) => slug === 'zoe-muller');
    expect(zoe).toMatchObject({
      raw_score: '15',
      score: '15',
      max_score: '15',
      'points_03-hset-mapping': '8',
    });
  });

  it('keeps points that were not judged apart from the score', () => {
    const kim = read(csv).find(({ slug }) => slug === 'kim-2');
    expect(kim).toMatchObject({ score: '11', max_score: '15', not_judged: '4' });
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://x")', hostile.name])(
    'writes the name %j so that no spreadsheet computes it',
    (name) => {
      const cells = parse(gradesCsv(classOf([student(name, 'one')])), { bom: true }).flat();
      for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    },
  );

  it('has students in the order of their names, numbers by their size', () => {
    const names = read(csv).map(({ student_id }) => student_id!);
    expect(names.filter((name) => /^(Ann|Kim|Zoë)/.test(name))).toEqual([
      'Ann Lee',
      'Kim 2',
      'Kim 10',
      'Zoë Müller',
    ]);
  });

  it('does not depend on the order in which students were graded', () => {
    expect(gradesCsv({ ...result, students: result.students.toReversed() })).toBe(csv);
  });
});

describe('importGrades()', () => {
  it('changes nothing where nothing was edited, whatever students are called', () => {
    const names = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(names, (all) => {
        const some = classOf(all.map((name, i) => student(name, `s-${i}`)));
        expect(importGrades(gradesCsv(some), some)).toEqual(some);
      }),
    );
  });

  it('merges written points, and they count for the whole class', () => {
    const merged = importGrades(edited('zoe-muller', { 'written_01-initial-sync': '7.5' }), result);
    const zoe = merged.students.find(({ slug }) => slug === 'zoe-muller')!;
    expect(zoe.written[0]!.points).toBe(7.5);
    expect(scoreOf(zoe, merged)).toMatchObject({ checks: 15, written: 7.5, total: 22.5, max: 25 });
    expect(scoreOf(merged.students[1]!, merged)).toMatchObject({ written: 0, max: 25 });
    expect(result.students[0]!.written[0]!.points).toBeUndefined();
  });

  it('reads what a French Excel saves: semicolons, decimal commas, no mark, an id without its zeros', () => {
    const rows = read(edited('0042', { 'written_03-hset-mapping': '8,5', student_id: '42', slug: '42' }));
    const merged = importGrades(write(rows, { delimiter: ';', record_delimiter: '\r\n' }), result);
    expect(merged.students.find(({ slug }) => slug === '0042')!.written[1]!.points).toBe(8.5);
  });

  it('takes points back where a cell was emptied, and keeps those of rows that are missing', () => {
    const given = importGrades(edited('kim-10', { 'written_01-initial-sync': '5' }), result);
    const rows = read(gradesCsv(given));
    const emptied = rows.map((row) => ({ ...row, 'written_01-initial-sync': '' }));
    expect(importGrades(write(emptied), given)).toEqual(result);
    const without = rows.filter(({ slug }) => slug !== 'kim-10');
    expect(importGrades(write(without), given)).toEqual(given);
  });

  it('takes a copy from before an earlier import', () => {
    const once = importGrades(edited('kim-10', { 'written_01-initial-sync': '5' }), result);
    const twice = importGrades(
      edited('kim-10', { 'written_01-initial-sync': '5', 'written_03-hset-mapping': '4' }),
      once,
    );
    expect(twice.students.find(({ slug }) => slug === 'kim-10')!.written.map(({ points }) => points)).toEqual(
      [5, 4],
    );
  });

  it('gives points for an answer that the program did not find', () => {
    const none = classOf([student('Ann', 'ann', { written: [] })]);
    const csv = gradesCsv(none).replace(/,\r\n$/, ',3\r\n');
    const [ann] = importGrades(csv, none).students;
    expect(ann!.written).toEqual([
      answer('03-hset-mapping', {
        title: none.labs[1]!.title,
        state: 'missing',
        underHeading: false,
        illustrated: false,
        html: undefined,
        points: 3,
      }),
    ]);
  });

  const csv = gradesCsv(result);
  const rows = read(csv);
  const row = rows.findIndex(({ slug }) => slug === 'ann-lee') + 2;
  it.each<[string, string, RegExp]>([
    [
      'an unknown student',
      edited('ann-lee', { slug: 'bob' }),
      new RegExp(`^Row ${row}: no student .* "bob"`),
    ],
    [
      'a word for points',
      edited('ann-lee', { 'written_01-initial-sync': 'good' }),
      new RegExp(`^Row ${row} \\(Ann Lee\\): written_01-initial-sync is "good", which is no number`),
    ],
    [
      'more than the maximum',
      edited('ann-lee', { 'written_01-initial-sync': '10.5' }),
      /is "10.5", which is more than the 10 points/,
    ],
    [
      'less than nothing',
      edited('ann-lee', { 'written_01-initial-sync': '-1' }),
      /is "-1", which is less than 0/,
    ],
    ['Infinity', edited('ann-lee', { 'written_01-initial-sync': '1e9' }), /no number/],
    [
      'a changed score',
      edited('ann-lee', { score: '15' }),
      /score is "15" and was 3\. Only the columns written_/,
    ],
    [
      'a changed lab',
      edited('ann-lee', { 'points_01-initial-sync': '7' }),
      /points_01-initial-sync is "7" and was 1/,
    ],
    [
      'a column that is gone',
      write(rows.map(({ slug: _, ...rest }) => rest)),
      /^Row 1: the columns were changed: without slug/,
    ],
    [
      'a column more',
      write(rows.map((one) => ({ ...one, bonus: '1' }))),
      /with bonus, which it did not have/,
    ],
    ['a student twice', write([...rows, rows[0]!]), new RegExp(`^Row ${rows.length + 2} .* has a row above`)],
    ['a torn row', `${csv}a,b\r\n`, new RegExp(`^Row ${rows.length + 2} has 2 cells`)],
    ['an open quote', `${csv}"a,b\r\n`, /no CSV file/],
    ['an empty file', '', /^Row 1: the columns were changed/],
  ])('refuses %s, and names the row', (_, text, says) => {
    const before = structuredClone(result);
    expect(() => importGrades(text, result)).toThrow(ImportRefused);
    expect(() => importGrades(text, result)).toThrow(says);
    expect(result).toEqual(before);
  });
});
