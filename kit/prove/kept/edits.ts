/** What stands in the base, and what stands in its place: `['Number.isSafeInteger(id)', 'Number.isInteger(id)']`. */
export type Edit = readonly [from: string, to: string];

export interface EditedText {
  /** What is edited, for messages: `test/right/03-hset-mapping/plain-object.ts`. */
  base: string;
  /** Whose edits they are, for messages: `test/wrong/03-hset-mapping.ts, any-integer`. */
  of: string;
}

/**
 * The text with all edits made. Each `from` is looked for in the text as it was, and must stand there exactly once.
 * White space in `from` matches any white space, also a line break, so an edit may be indented as its own file is.
 *
 * @throws Error for no edits at all, and for one that changes nothing, stands nowhere, stands in several places or
 * overlaps another: a text that moved on must not leave a wrong solution that is right.
 * @example applyEdits('a = 1;\nb = 1;\n', [['b = 1', 'b = 2']], { base: 'x.ts', of: 'two' }) // 'a = 1;\nb = 2;\n'
 */
export function applyEdits(text: string, edits: readonly Edit[], { base, of }: EditedText): string {
  if (edits.length === 0) throw new Error(`${of} has no edits: write at least one [from, to].`);
  const places = edits.map(([from, to], i) => {
    const fault = (what: string) => new Error(`${of}, edit ${i + 1}: ${what}\n  ${from.trim()}`);
    if (sameWords(from, to)) throw fault('It changes nothing: "from" and "to" are the same.');
    const found = [...text.matchAll(pattern(from))];
    if (found.length === 0) throw fault(`${base} does not hold this text. Copy the lines from there again.`);
    if (found.length > 1)
      throw fault(`${base} holds this text ${found.length} times. Add what stands before or after it.`);
    const start = found[0]!.index;
    return { start, end: start + found[0]![0].length, to: to.trim(), fault };
  });
  places.sort((a, b) => a.start - b.start);
  let made = '';
  let at = 0;
  for (const { start, end, to, fault } of places) {
    if (start < at) throw fault('It overlaps another edit. Make one of the two.');
    made += text.slice(at, start) + to;
    at = end;
  }
  return made + text.slice(at);
}

const words = (text: string): string[] => text.trim().split(/\s+/);

const sameWords = (a: string, b: string): boolean => words(a).join(' ') === words(b).join(' ');

/** Matches nothing for an empty text. */
function pattern(from: string): RegExp {
  const escaped = words(from).map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return from.trim() === '' ? /(?!)/g : new RegExp(escaped.join('\\s+'), 'g');
}
