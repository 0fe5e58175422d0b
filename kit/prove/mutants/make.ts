import { Instrumenter } from '@stryker-mutator/instrumenter';

/** A worked answer with one small mistake in it, made by a machine. */
export interface Mutant {
  /** Stryker's name for the kind of mistake: `EqualityOperator`. */
  kind: string;
  /** Line in the answer's Markdown, from 1. */
  line: number;
  /** That line as it stands, without the spaces around it. */
  source: string;
  /** What stands in the answer, white space as one space: `quantity < 1`. */
  from: string;
  /** What stands in its place: `quantity <= 1`. */
  to: string;
  /** The whole module, with the mistake. */
  code: string;
}

type Options = Parameters<Instrumenter['instrument']>[1];
type Ignorer = Options['ignorers'][number];

/** What is used of Babel's `NodePath`, which Stryker's types leave empty. */
interface Path {
  node: { type: string; callee?: { name?: string } };
  parentPath: Path | null;
}

const silent = new Proxy({}, { get: () => () => false }) as ConstructorParameters<typeof Instrumenter>[0];

/** The words of an error are the student's own: no contract names them, so no check may look at them. */
const wordsOfErrors: Ignorer = {
  shouldIgnore(path) {
    const { node, parentPath } = path as Path;
    if (node.type !== 'StringLiteral' && node.type !== 'TemplateLiteral') return undefined;
    return ofError(parentPath) ? 'words of an error' : undefined;
  },
};

/** Whether a place in the tree lies in what `new TypeError(…)`, or another error, is made of. */
function ofError(path: Path | null): boolean {
  if (!path) return false;
  const { type, callee } = path.node;
  if (type !== 'NewExpression') return ofError(path.parentPath);
  return callee?.name?.endsWith('Error') ?? false;
}

/**
 * Makes every mutant of a module that Stryker's mutators know: conditions turned, blocks emptied, operators, literals,
 * regular expressions and calls changed, one a mutant.
 *
 * @param name what the module is called, for its kind: `03-hset-mapping.ts`.
 * @example (await mutantsOf('a.ts', 'export const more = (a: number) => a > 1;')).map(({ to }) => to)
 * // ['() => undefined', 'true', 'false', 'a >= 1', 'a <= 1']
 */
export async function mutantsOf(name: string, code: string): Promise<Mutant[]> {
  const { mutants } = await new Instrumenter(silent).instrument([{ name, content: code, mutate: true }], {
    plugins: null,
    excludedMutations: [],
    ignorers: [wordsOfErrors],
  });
  const starts = lineStarts(code);
  return mutants
    .filter(({ status }) => status !== 'Ignored')
    .map((mutant) => {
      const { location, mutatorName: kind, replacement = '' } = mutant;
      const [start, end] = [location.start, location.end].map(({ line, column }) => starts[line]! + column);
      return {
        kind,
        line: location.start.line + 1,
        source: code.slice(starts[location.start.line], starts[location.start.line + 1]).trim(),
        from: oneLine(code.slice(start, end)),
        to: oneLine(replacement),
        code: code.slice(0, start) + replacement + code.slice(end),
      };
    });
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
