import { basename } from 'node:path';
import type { NamedText } from './find-leaks.ts';
import { importsOf } from './imports.ts';

/** What grades a class lies here; the judge of one student's labs borrows a few files of it. */
const ofTeachers = /^src\/grade\/(class|intake|report|written)\//;
const tests = /^test\/kit\//;

/**
 * The files that serve nothing but the grading of a class: those of its folders that nothing else of the kit imports,
 * and the kit's tests that import one of these.
 *
 * @param files what an edition would hold without this
 */
export function gradingAClass(files: readonly NamedText[]): Set<string> {
  const imports = new Map(files.map((file) => [file.path, importsOf(file)]));
  const reached = new Set<string>();
  const visit = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const target of imports.get(path) ?? []) visit(target);
  };
  for (const { path } of files) if (!ofTeachers.test(path) && !tests.test(path)) visit(path);
  // A style sheet or a script goes with the file that names it.
  for (const { path } of files)
    if (ofTeachers.test(path) && !path.endsWith('.ts'))
      if (files.some((file) => reached.has(file.path) && file.text.includes(basename(path))))
        reached.add(path);

  const gone = new Set(
    files.map(({ path }) => path).filter((path) => ofTeachers.test(path) && !reached.has(path)),
  );
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    for (const [path, targets] of imports)
      if (tests.test(path) && targets.some((target) => gone.has(target))) gone.add(path);
  }
  return gone;
}
