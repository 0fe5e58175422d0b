import MarkdownIt from 'markdown-it';

/** A file with what it holds. */
export interface NamedText {
  path: string;
  text: string;
}

/** This many lines of a solution in a row are no coincidence. */
const RUN = 4;

/** Prose of this many characters is nobody else's. */
const SENTENCE = 60;

/**
 * Where the files of an edition repeat a solution: four lines of code in a row, or a line of a worked answer's prose.
 * Layout, comments, imports and lines that are brackets alone do not count, nor does what the stubs have.
 *
 * @param edition the files to look through; of a notebook its cells and outputs
 * @returns one sentence for each file and the first solution that it repeats
 * @example ["test/kit/x.test.ts repeats answers/01-initial-sync.md: const rows = await page(mysql, after);"]
 */
export function findLeaks(
  edition: readonly NamedText[],
  { solutions, stubs }: { solutions: readonly NamedText[]; stubs: readonly NamedText[] },
): string[] {
  const given = new Set(stubs.flatMap(({ text }) => linesOf(text)));
  const runs = new Map<string, string>();
  const sentences = new Map<string, string>();
  for (const { path, text } of solutions) {
    for (const run of runsOf(codeOf({ path, text }), given)) runs.set(run, runs.get(run) ?? path);
    if (path.endsWith('.md')) for (const line of proseOf(withoutFences(text))) sentences.set(line, path);
  }
  return edition.flatMap(({ path, text }) => {
    const shown = path.endsWith('.ipynb') ? cellsOf(text) : text;
    const run = runsOf(shown, given).find((candidate) => runs.has(candidate));
    if (run) return [`${path} repeats ${runs.get(run)}: ${run.split('\n')[0]}`];
    const sentence = proseOf(shown).find((line) => sentences.has(line));
    return sentence ? [`${path} repeats ${sentences.get(sentence)}: ${sentence}`] : [];
  });
}

/** Comments, imports, and the members of a type, which name columns and arguments as everybody does. */
const idle = /^(\/\/|\/?\*|import |} from |(export )?interface |\w+\??: (number|string|Date)( \| \w+)*;$)/;

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter((line) => line.length > 6 && /\w.*\w.*\w/.test(line) && !idle.test(line));
}

function runsOf(text: string, given: ReadonlySet<string>): string[] {
  const lines = linesOf(text).filter((line) => !given.has(line));
  return Array.from({ length: Math.max(0, lines.length - RUN + 1) }, (_, i) =>
    lines.slice(i, i + RUN).join('\n'),
  );
}

/** The code of a solution: the fences of a Markdown, each for itself a run of lines, or the whole file. */
function codeOf({ path, text }: NamedText): string {
  if (!path.endsWith('.md')) return text;
  const fences = new MarkdownIt().parse(text, {}).filter(({ type }) => type === 'fence');
  return fences.map(({ content }) => content).join('\n');
}

const withoutFences = (text: string) => text.replaceAll(/^```[\s\S]*?^```/gm, '');

/** Lines of a Markdown's prose that are long enough to be its own: no question, which everybody has. */
function proseOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length >= SENTENCE && / \w+ \w+ /.test(line) && !line.startsWith('>'));
}

/** What a notebook shows: the sources of its cells and every text in their outputs. */
function cellsOf(text: string): string {
  const { cells } = JSON.parse(text) as { cells: { source: unknown; outputs?: unknown }[] };
  return cells.map(({ source, outputs }) => `${textsIn(source)}\n${textsIn(outputs)}`).join('\n');
}

/** Lists of lines are one text: `['a\n', 'b']` is `a` and `b`. */
function textsIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textsIn).join('');
  if (typeof value === 'object' && value !== null) return Object.values(value).map(textsIn).join('\n');
  return '';
}
