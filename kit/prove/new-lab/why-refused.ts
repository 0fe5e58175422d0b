import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CatalogEntry, catalog } from '../../../src/catalog.ts';
import { rootFolder } from '../../base/root.ts';
import { bundled } from '../../judge/runner/package-names.ts';
import { keptFiles } from '../lab-files.ts';
import type { NewLab } from './lab-names.ts';

/**
 * Why a lab cannot be made, in a sentence that says what to do instead; undefined where it can.
 *
 * @param filesOf those that it would write, asked where its id is one.
 */
export function refusalOf(
  { id, title, packages }: NewLab,
  { filesOf, labs = catalog }: { filesOf: () => readonly string[]; labs?: readonly CatalogEntry[] },
): string | undefined {
  if (!/^\d\d(-[a-z][a-z0-9]*)+$/.test(id))
    return `"${id}" is no id of a lab: write two digits and words in small letters, with hyphens between: ${nextFree(labs)}-sessions.`;
  if (labs.some((lab) => lab.id === id))
    return `Lab ${id} exists: ./lab test ${id.slice(0, 2)} proves it. Take another id for a new one.`;
  const same = labs.find((lab) => lab.id.startsWith(id.slice(0, 3)));
  if (same) return `Number ${id.slice(0, 2)} is taken by ${same.id}: ${nextFree(labs)} is free.`;
  if (!/^(?! )[^|`"\\*<>{}\p{C}]{1,60}(?<! )$/u.test(title))
    return 'The title is one line of at most 60 characters, without any of | ` " \\ * < > { }: "Rate limiting".';
  const names = [...bundled].filter((name) => !name.includes('/'));
  const unknown = packages.find((name) => !names.includes(name));
  if (unknown !== undefined)
    return `A lab cannot import "${unknown}": runners hold ${names.join(', ')} (kit/judge/runner/package-names.ts).`;
  const there = [...filesOf(), ...keptFiles(id)].find((path) => existsSync(join(rootFolder(), path)));
  if (there) return `${there} exists already: take another id, or move that file away.`;
  return undefined;
}

/** The lowest number above all that are taken. */
function nextFree(labs: readonly CatalogEntry[]): string {
  const last = Math.max(0, ...labs.map(({ id }) => Number(id.slice(0, 2))));
  return String(last + 1).padStart(2, '0');
}
