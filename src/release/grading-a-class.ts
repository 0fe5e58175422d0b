import { basename } from 'node:path';
import type { NamedText } from './find-leaks.ts';
import { importsOf } from './imports.ts';

/** What grades a class lies here; the judge of one student's labs borrows a few files of it. */
const ofTeachers = /^src\/grade\/(class|intake|report|written)\//;
const support = /^test\/kit\/support\//;
const tests = /^test\/(kit|support)\//;

/**
 * The files that serve nothing but the grading of a class: those of its folders that nothing else of the kit imports.
 * Also the kit's tests that import one of these, or another file that is left out.
 *
 * @param files what an edition would hold without this
 */
export function gradingAClass(
  files: readonly NamedText[],
  { leftOut = [] }: { leftOut?: readonly string[] } = {},
): Set<string> {
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
  const missing = new Set([...leftOut, ...gone]);
  for (let before = -1; before !== missing.size; ) {
    before = missing.size;
    for (const [path, targets] of imports)
      if (tests.test(path) && targets.some((target) => missing.has(target))) {
        missing.add(path);
        gone.add(path);
      }
  }
  // What only such tests stood on goes with them.
  const kept = files.filter(({ path }) => !missing.has(path));
  for (const { path } of kept.filter((file) => support.test(file.path))) {
    const used = kept.some(
      (file) => imports.get(file.path)?.includes(path) || file.text.includes(`support/${basename(path)}`),
    );
    if (!used && [...missing].some((test) => imports.get(test)?.includes(path))) gone.add(path);
  }
  return gone;
}
