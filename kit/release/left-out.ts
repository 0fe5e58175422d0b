import { unmetNeed } from './needs.ts';

/** Folders and files that no students' edition holds, and what to call them. */
const groups: readonly [what: string, path: RegExp][] = [
  ['wrong solutions', /^test\/wrong\//],
  ['right solutions', /^test\/right\//],
  ['mutants of worked answers, and which solutions break a contract', /^test\/(mutants|sentences)\//],
  ['hidden checks', /^test\/hidden\//],
  ['hostile submissions', /^test\/hostile\//],
  ["teachers' commands", /^kit\/commands\/(release|grade|attack|answers|new|mutate|bench)\.ts$/],
  ['the grading of a class, and its tests', /^(kit|test\/kit)\/class\//],
  ['the release itself, and its tests', /^(kit|test\/kit)\/release\//],
  [
    'what proves the course by kept solutions, and what adds to it',
    /^(kit\/prove\/(kept|mutants|new-lab)|test\/kit\/prove)\//,
  ],
  ['benchmarks, which hold solutions', /^bench\//],
  ['long tests, which run answers', /^test\/long\//],
  ['pictures of solved labs, and pages for teachers', /^docs\//],
  ["the kit's own CI, change log and guide", /^(\.ci\/|\.github\/|(CHANGELOG|CONTRIBUTING)\.md$)/],
];

/** The files that belong to one lab by their name. */
const ofLab = /^(?:labs|notebooks|answers|test)\/(\d\d-[a-z0-9-]+)\.\w/;

/**
 * Why a students' edition of these labs leaves a file out, or undefined where it holds it.
 *
 * @example whyLeftOut('bench/sync.ts', '...', { labs: ['01-initial-sync'] }) // 'benchmarks, which hold solutions'
 */
export function whyLeftOut(
  path: string,
  text: string,
  { labs }: { labs: readonly string[] },
): string | undefined {
  const group = groups.find(([, pattern]) => pattern.test(path));
  if (group) return group[0];
  const lab = ofLab.exec(path)?.[1];
  if (lab && !labs.includes(lab)) return `lab ${lab}`;
  const need = path.endsWith('.ts') ? unmetNeed(text, labs) : undefined;
  if (need) return need === 'answers' ? 'files that need answers' : `files that need ${need}`;
  return undefined;
}
