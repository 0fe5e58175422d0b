import MarkdownIt, { type MarkdownIt as Parser, type StateBlock, type StateInline } from 'markdown-it';

/**
 * A parser of answers: Markdown without HTML. A comment (`<!-- -->`) is nobody's text and is left out, in a line and as
 * lines of its own. A footnote (`[^1]`) stays as it is written: to plain Markdown, `[^1]: Redis` would make it a link.
 *
 * @example markdownParser().render('a <!-- b --> c') // '<p>a  c</p>\n'
 */
export function markdownParser(): Parser {
  const md = new MarkdownIt({ html: false, linkify: false });
  const [closeOfBlock, closeInLine] = [closings(), closings()];
  md.block.ruler.before('paragraph', 'comment', commentLines(closeOfBlock), {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  });
  md.inline.ruler.before('autolink', 'comment', commentInLine(closeInLine));
  const [reference] = md.block.ruler.getRules('').filter(({ name }) => name === 'reference');
  if (!reference) throw new Error('This markdown-it has no rule "reference": look where footnotes are read.');
  md.block.ruler.at('reference', (state, line, end, silent) =>
    startOf(state, line).startsWith('[^') ? false : reference(state, line, end, silent),
  );
  return md;
}

const startOf = ({ src, bMarks, tShift, eMarks }: StateBlock, line: number): string =>
  src.slice(bMarks[line]! + tShift[line]!, eMarks[line]);

/** The next place from `from` on where a comment may end, or -1; found once a text, however often it is asked for. */
type NextClose = (src: string, from: number) => number;

function closings(): NextClose {
  let known: string | undefined;
  let places: number[] = [];
  let next = 0;
  return (src, from) => {
    if (src !== known) {
      places = [...src.matchAll(/-->/g)].map(({ index }) => index);
      [known, next] = [src, 0];
    }
    // A parser goes forward, but for a few steps back.
    while (next > 0 && places[next - 1]! >= from) next--;
    while (next < places.length && places[next]! < from) next++;
    return places[next] ?? -1;
  };
}

/** One that nothing closes, or with text behind it on its last line, is shown as text. */
const commentLines =
  (nextClose: NextClose) =>
  (state: StateBlock, line: number, end: number, silent: boolean): boolean => {
    const { src, eMarks } = state;
    if (state.sCount[line]! - state.blkIndent >= 4 || !startOf(state, line).startsWith('<!--')) return false;
    const close = nextClose(src, state.bMarks[line]! + state.tShift[line]! + 4);
    if (close < 0 || close > eMarks[end - 1]!) return false;
    const lineEnd = src.indexOf('\n', close);
    if (src.slice(close + 3, lineEnd < 0 ? undefined : lineEnd).trim() !== '') return false;
    let last = line;
    while (eMarks[last]! < close) last++;
    if (!silent) state.line = last + 1;
    return true;
  };

const commentInLine =
  (nextClose: NextClose) =>
  (state: StateInline): boolean => {
    if (!state.src.startsWith('<!--', state.pos)) return false;
    const close = nextClose(state.src, state.pos + 4);
    if (close < 0) return false;
    state.pos = close + 3;
    return true;
  };
