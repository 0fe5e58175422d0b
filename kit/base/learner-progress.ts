import { existsSync, readFileSync, renameSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { rootFolder } from './root.ts';
import { writeWhole } from './write-whole.ts';

const labProgress = z.object({
  /** Best points so far. */
  points: z.number(),
  maxPoints: z.number(),
  /** Hints shown so far. */
  hints: z.number().int().nonnegative(),
  /** When it was last checked, ISO 8601, or null. */
  checkedAt: z.string().nullable(),
});
const schema = z.object({ version: z.literal(1), labs: z.record(z.string(), labProgress) });

export type LabProgress = z.infer<typeof labProgress>;
export type Progress = z.infer<typeof schema>;

export const progressFile = (): string => join(rootFolder(), '.lab', 'progress.json');

/** What the learner has done. A file that cannot be read is put aside, named in `onDamaged`, and never overwritten. */
export function readProgress(onDamaged: (sentence: string) => void = console.error): Progress {
  const file = progressFile();
  if (!existsSync(file)) return { version: 1, labs: {} };
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    const aside = `${file}.damaged-${Date.now()}`;
    renameSync(file, aside);
    onDamaged(`${file} could not be read; it was kept as ${aside}, and your progress starts anew.`);
    return { version: 1, labs: {} };
  }
}

/** Changes one lab's progress and keeps it, whole or not at all. Points never go down. */
export async function updateProgress(
  lab: string,
  change: (before: LabProgress) => LabProgress,
): Promise<LabProgress> {
  const progress = readProgress();
  const before = progress.labs[lab] ?? { points: 0, maxPoints: 0, hints: 0, checkedAt: null };
  const after = change(before);
  progress.labs[lab] = { ...after, points: Math.max(before.points, after.points) };
  await mkdir(dirname(progressFile()), { recursive: true });
  await writeWhole(progressFile(), `${JSON.stringify(progress, null, 2)}\n`);
  return progress.labs[lab];
}
