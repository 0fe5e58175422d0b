import { z } from 'zod';
import { sum } from '../../base/sum.ts';
import type { ManifestLab } from '../../judge/manifest.ts';
import type { LabResult } from '../../judge/result.ts';

const check = z.object({
  id: z.string(),
  title: z.string(),
  points: z.number(),
  maxPoints: z.number(),
  outcome: z.enum(['passed', 'failed', 'not reached', 'not gradable', 'infrastructure error']),
  durationMs: z.number(),
  sentence: z.string().optional(),
  expected: z.string().optional(),
  got: z.string().optional(),
  line: z.number().optional(),
  wire: z.string().optional(),
});

const lab = z.object({
  lab: z.string(),
  title: z.string(),
  submission: z.string(),
  file: z.string(),
  seed: z.number(),
  servers: z.string(),
  points: z.number(),
  maxPoints: z.number(),
  checks: z.array(check),
  warnings: z.array(z.string()),
  output: z.string(),
  durationMs: z.number(),
}) satisfies z.ZodType<LabResult>;

const writtenAnswer = z.object({
  lab: z.string(),
  title: z.string(),
  /** `answers/03-hset-mapping.md`, relative to the submission. */
  file: z.string(),
  /** `template`: the file as it was handed out, or without a word of the student's. */
  state: z.enum(['missing', 'template', 'present']),
  /** Whether it answers under the question's heading. */
  underHeading: z.boolean(),
  /** Whether code or terminal output illustrates it, the course's own rule. */
  illustrated: z.boolean(),
  /** Facts as sentences, for the student: 'Nothing stands under the heading "Your answer".' */
  remarks: z.array(z.string()),
  /** Where its `ts` fences define functions of the lab: what the checks say of them. Never part of the points. */
  code: lab.optional(),
  /** The answer as HTML: no raw HTML of the student's, no remote picture. Absent where there is none. */
  html: z.string().optional(),
  /** What the instructor gave in the CSV column, once imported. */
  points: z.number().optional(),
});

const studentResult = z.object({
  /** As the folder or archive is named: 'Zoë Müller'. */
  student: z.string(),
  /** A file name for the student's reports, unique in the class and harmless everywhere: 'zoe-muller'. */
  slug: z.string(),
  /** One for each lab of the run, in the manifest's order, whatever was handed in. */
  labs: z.array(lab),
  written: z.array(writtenAnswer),
  /** What was missing, left out or refused when the submission was read, as sentences. */
  notes: z.array(z.string()),
});

const manifestLab = z.object({
  id: z.string(),
  title: z.string(),
  maxPoints: z.number(),
  checks: z.array(z.object({ id: z.string(), title: z.string(), points: z.number() })),
}) satisfies z.ZodType<ManifestLab>;

/** What `result.json` holds. */
export const classResult = z.object({
  version: z.literal(1),
  /** Name of the folder that was graded. */
  name: z.string(),
  seed: z.number(),
  /** 'MariaDB 10.11.19 and Redis 7.0.15 (local)' */
  servers: z.string(),
  isolation: z.object({
    level: z.union([z.literal(1), z.literal(2), z.literal(3)]),
    sentence: z.string(),
  }),
  labs: z.array(manifestLab),
  students: z.array(studentResult),
  /** What lay beside the submissions and is none, as sentences. */
  skipped: z.array(z.string()),
  /** ISO 8601, UTC. */
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
});

/** What the program can say of a written answer. Its prose is never scored by the program. */
export type WrittenAnswer = z.infer<typeof writtenAnswer>;

/** One student of a class. */
export type StudentResult = z.infer<typeof studentResult>;

/** A whole class: what `result.json` holds and every report is made from. */
export type ClassResult = z.infer<typeof classResult>;

/** Points of the whole manifest: the same for every student, whichever checks could run. */
export const maxPointsOf = ({ labs }: Pick<ClassResult, 'labs'>): number =>
  sum(labs.map(({ maxPoints }) => maxPoints));

/** The class as `result.json` says it. */
export function resultJson(result: ClassResult): string {
  return `${JSON.stringify(result)}\n`;
}

/**
 * Reads a `result.json` back. A field that it does not know is left out.
 *
 * @throws Error that names the first field that does not fit.
 */
export function parseResult(text: string): ClassResult {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Error('result.json is no JSON. Grade the class again, then import.');
  }
  const read = classResult.safeParse(data);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0]!;
  throw new Error(
    `result.json does not fit at "${path.join('.')}": ${message}. Grade the class again, then import.`,
  );
}
