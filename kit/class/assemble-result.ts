import { join } from 'node:path';
import type { Isolation } from '../judge/manifest.ts';
import type { LabResult } from '../judge/result.ts';
import type { Collected } from './intake/collect.ts';
import type { Journal } from './journal.ts';
import type { ClassResult, StudentResult, WrittenAnswer } from './report/result-schema.ts';

/** A written answer as it was read, with the file of its code where it has any that can be judged. */
export type Written = WrittenAnswer & { module?: string };

export interface AssembleOptions {
  name: string;
  journal: Journal;
  students: readonly Collected[];
  skipped: readonly string[];
  written: ReadonlyMap<string, readonly Written[]>;
  /** Type errors by file. */
  types: ReadonlyMap<string, readonly string[]>;
  servers: string;
  isolation: Isolation;
}

/** Makes the class of what the journal holds: the same for an unbroken run and for one that was stopped and went on. */
export function assemble(made: AssembleOptions): ClassResult {
  const { journal } = made;
  const students = made.students.map((student) => studentResult(student, made));
  const judgedOn = students.flatMap(({ labs }) => labs.map(({ servers }) => servers));
  return {
    version: 1,
    name: made.name,
    seed: journal.terms.seed,
    servers: made.servers || judgedOn[0] || 'no server: nothing was there to judge',
    isolation: made.isolation,
    labs: journal.manifest,
    students,
    skipped: [...made.skipped],
    startedAt: journal.terms.startedAt,
    finishedAt: new Date().toISOString(),
  };
}

function studentResult(
  { student, slug, sha256, notes, folder }: Collected,
  made: AssembleOptions,
): StudentResult {
  const { journal } = made;
  const labs = journal.manifest.map(({ id }): LabResult => {
    const result = journal.find({ slug, sha256, of: 'labs', lab: id });
    if (!result) throw new Error(`${student}: ${id} was not judged.`);
    const warnings = [...result.warnings, ...(made.types.get(join(folder, 'labs', `${id}.ts`)) ?? [])];
    return { ...result, submission: student, warnings };
  });
  const written = (made.written.get(slug) ?? []).map(({ module, ...answer }): WrittenAnswer => {
    const code = module ? journal.find({ slug, sha256, of: 'answers', lab: answer.lab }) : undefined;
    return code ? { ...answer, code } : answer;
  });
  return { student, slug, labs, written, notes: [...notes] };
}
