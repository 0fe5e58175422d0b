import { z } from 'zod';

// The formats as their own documents and sources give them; strict, so that a field that a tool does not know fails.

const gradescopeFormat = z.enum(['text', 'html', 'simple_format', 'md', 'ansi']);
const visibility = z.enum(['hidden', 'after_due_date', 'after_published', 'visible']);

/** Gradescope's `results.json`. */
export const gradescope = z.strictObject({
  score: z.number(),
  execution_time: z.number().optional(),
  output: z.string().optional(),
  output_format: gradescopeFormat.optional(),
  test_output_format: gradescopeFormat.optional(),
  test_name_format: gradescopeFormat.optional(),
  visibility: visibility.optional(),
  stdout_visibility: visibility.optional(),
  extra_data: z.record(z.string(), z.unknown()).optional(),
  tests: z.array(
    z.strictObject({
      score: z.number(),
      max_score: z.number().optional(),
      status: z.enum(['passed', 'failed']).optional(),
      name: z.string().optional(),
      name_format: gradescopeFormat.optional(),
      number: z.string().optional(),
      output: z.string().optional(),
      output_format: gradescopeFormat.optional(),
      tags: z.array(z.string()).optional(),
      visibility: visibility.optional(),
      extra_data: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
  leaderboard: z
    .array(
      z.strictObject({
        name: z.string(),
        value: z.union([z.number(), z.string()]),
        order: z.enum(['asc', 'desc']).optional(),
      }),
    )
    .optional(),
});

const classroomStatus = z.enum(['pass', 'fail', 'error']);

/** What a grading step of GitHub Classroom hands to its reporter. */
export const classroom = z.strictObject({
  version: z.literal(1),
  status: classroomStatus,
  max_score: z.number(),
  tests: z.array(
    z.strictObject({
      name: z.string(),
      status: classroomStatus,
      score: z.number(),
      message: z.string(),
      test_code: z.string(),
      filename: z.string(),
      line_no: z.int().min(0),
      duration: z.number().optional(),
    }),
  ),
});

const figure = z.string().regex(/^\d+(\.\d+)?$/);

/** A row of `grades.csv`: nbgrader's columns, then ours. */
export const csvRow = z
  .object({
    assignment: z.string().min(1),
    duedate: z.literal(''),
    timestamp: z.literal(''),
    student_id: z.string().min(1),
    last_name: z.literal(''),
    first_name: z.literal(''),
    email: z.string(),
    raw_score: figure,
    late_submission_penalty: figure,
    score: figure,
    max_score: figure,
    slug: z.string().min(1),
    not_judged: figure,
  })
  .catchall(z.union([figure, z.literal('')]));

const token = z.string().regex(/^(?! )(?!.* {2})[^\n\r\t]*(?<! )$/, 'is no xs:token');
const named = token.min(1);
const int = z.string().regex(/^\d+$/);
const decimal = z.string().regex(/^\d+(\.\d+)?$/);
const content = { '#text': z.string().optional() };

const testcase = z
  .strictObject({
    '@name': token,
    '@classname': token,
    '@time': decimal,
    skipped: z.strictObject({ '@message': z.string().optional(), ...content }).optional(),
    error: z.strictObject({ '@message': z.string().optional(), '@type': z.string(), ...content }).optional(),
    failure: z
      .strictObject({ '@message': z.string().optional(), '@type': z.string(), ...content })
      .optional(),
  })
  .refine(
    ({ skipped, error, failure }) => [skipped, error, failure].filter(Boolean).length <= 1,
    'one outcome at most',
  );

/** The JUnit schema of the Ant task, by structure, of the document that fast-xml-parser reads. */
export const junit = z.strictObject({
  '?xml': z.strictObject({ '@version': z.literal('1.0'), '@encoding': z.literal('UTF-8') }),
  testsuites: z.strictObject({
    testsuite: z.array(
      z.strictObject({
        '@name': named,
        '@package': token,
        '@id': int,
        '@hostname': named,
        '@timestamp': z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
        '@tests': int,
        '@failures': int,
        '@errors': int,
        '@skipped': int.optional(),
        '@time': decimal,
        properties: z.strictObject({
          property: z.array(z.strictObject({ '@name': named, '@value': z.string() })),
        }),
        testcase: z.array(testcase),
        'system-out': z.string(),
        'system-err': z.string(),
      }),
    ),
  }),
});
