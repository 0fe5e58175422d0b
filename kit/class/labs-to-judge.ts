import { dirname, join } from 'node:path';
import type { Written } from './assemble-result.ts';
import type { Collected } from './intake/collect.ts';
import type { Entry } from './journal.ts';

/** One lab of one student that is to be judged. */
export interface Step {
  student: string;
  slug: string;
  sha256: string;
  of: Entry['of'];
  lab: string;
  /** The folder that holds `<lab>.ts`, or `labs/<lab>.ts`. */
  path: string;
}

/** The labs that a class handed in, student after student. What is missing is judged too: the report says so. */
export function labSteps(students: readonly Collected[], labs: readonly string[]): Step[] {
  return students.flatMap(({ student, slug, sha256, folder }) =>
    labs.map((lab): Step => ({ student, slug, sha256, of: 'labs', lab, path: join(folder, 'labs') })),
  );
}

/** The code of the written answers, where it can be judged. */
export function answerSteps(
  students: readonly Collected[],
  written: ReadonlyMap<string, readonly Written[]>,
): Step[] {
  return students.flatMap(({ student, slug, sha256 }) =>
    (written.get(slug) ?? []).flatMap(({ lab, module }): Step[] =>
      module ? [{ student, slug, sha256, of: 'answers', lab, path: dirname(module) }] : [],
    ),
  );
}
