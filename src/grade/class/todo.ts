import { dirname, join } from 'node:path';
import type { Collected } from '../intake/collect.ts';
import type { Written } from './assemble.ts';
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

/** Everything that a class gives to judge, student after student: the labs and the code of written answers. */
export function todo({
  students,
  written,
  labs,
}: {
  students: readonly Collected[];
  written: ReadonlyMap<string, readonly Written[]>;
  labs: readonly string[];
}): Step[] {
  return students.flatMap(({ student, slug, sha256, folder }) => {
    const own = labs.map(
      (lab): Step => ({ student, slug, sha256, of: 'labs', lab, path: join(folder, 'labs') }),
    );
    const answers = (written.get(slug) ?? []).flatMap(({ lab, module }): Step[] =>
      module ? [{ student, slug, sha256, of: 'answers', lab, path: dirname(module) }] : [],
    );
    return [...own, ...answers];
  });
}
