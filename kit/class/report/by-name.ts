import type { StudentResult } from './result-schema.ts';

const collator = new Intl.Collator('en', { numeric: true });

/** Students in the order of their names, and of their slugs where two are named alike: the same in every report. */
export function byName(students: readonly StudentResult[]): StudentResult[] {
  return [...students].sort(
    (a, b) => collator.compare(a.student, b.student) || (a.slug < b.slug ? -1 : a.slug > b.slug ? 1 : 0),
  );
}
