import { z } from 'zod';
import type { ClassResult } from '../class/class-result.ts';

const check = z.object({
  id: z.string(),
  title: z.string(),
  points: z.number(),
  maxPoints: z.number(),
  outcome: z.enum(['passed', 'failed', 'not gradable', 'infrastructure error']),
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
});

const written = z.object({
  lab: z.string(),
  title: z.string(),
  file: z.string(),
  state: z.enum(['missing', 'template', 'present']),
  underHeading: z.boolean(),
  illustrated: z.boolean(),
  remarks: z.array(z.string()),
  code: lab.optional(),
  html: z.string().optional(),
  points: z.number().optional(),
});

/** What `result.json` holds: a `ClassResult`. A field that it does not know is left out. */
export const classResult = z.object({
  version: z.literal(1),
  name: z.string(),
  seed: z.number(),
  servers: z.string(),
  isolation: z.object({
    level: z.union([z.literal(1), z.literal(2), z.literal(3)]),
    sentence: z.string(),
  }),
  labs: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      maxPoints: z.number(),
      checks: z.array(z.object({ id: z.string(), title: z.string(), points: z.number() })),
    }),
  ),
  students: z.array(
    z.object({
      student: z.string(),
      slug: z.string(),
      labs: z.array(lab),
      written: z.array(written),
      notes: z.array(z.string()),
    }),
  ),
  skipped: z.array(z.string()),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
});

/** The class as `result.json` says it. */
export function resultJson(result: ClassResult): string {
  return `${JSON.stringify(result)}\n`;
}

/**
 * Reads a `result.json` back.
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
