/** A line of a value, and whether the other value lacks it. */
export interface ComparedLine {
  line: string;
  differs: boolean;
}

/**
 * The lines of `value`, with those that `other` lacks marked, so that one wrong field of a hash is found at a glance.
 * Values of fewer than three lines are short enough to read: nothing is marked.
 *
 * @example differingLines('{\n a: 1\n}', '{\n a: 2\n}') // the middle line differs
 */
export function differingLines(value: string, other = ''): ComparedLine[] {
  const lines = value.split('\n');
  const others = new Set(other.split('\n'));
  const long = lines.length >= 3 && others.size >= 3;
  return lines.map((line) => ({ line, differs: long && !others.has(line) }));
}
