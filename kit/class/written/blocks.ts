import type { Token } from 'markdown-it';
import { markdownParser } from './markdown-parser.ts';
import { textOf } from './render.ts';

/** A block of an answer: what stands between two empty lines, more or less. */
export interface Block {
  kind: 'heading' | 'quote' | 'code' | 'other';
  /** Of a heading, 1 to 6. */
  level?: number;
  /** Words of it, as `plainWords` gives them; of code, the code. */
  words: string;
  /** Line in the Markdown, from 1. */
  line: number;
  /** Code with something in it, at any depth: in a list, a quote. */
  hasCode: boolean;
  /** A picture, which is not shown. */
  hasPicture: boolean;
  /** Code between single backticks. */
  hasInlineCode: boolean;
  /** The closing backticks of its code are missing. */
  isOpen: boolean;
}

/**
 * Words to compare by: without case, accents, punctuation and markup.
 *
 * @example plainWords('**Réponse:** `HSET`') // 'reponse hset'
 */
export const plainWords = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** The blocks of an answer in order. A comment (`<!-- -->`) is none. */
export function blocksOf(markdown: string): Block[] {
  const lines = markdown.split('\n');
  const tokens = markdownParser().parse(markdown, {});
  const blocks: Block[] = [];
  for (let from = 0; from < tokens.length; ) {
    const { nesting, level } = tokens[from]!;
    let to = from;
    // The token that closes a block stands at the level of the one that opens it.
    if (nesting === 1)
      do to += 1;
      while (tokens[to]!.nesting !== -1 || tokens[to]!.level !== level);
    const block = blockOf(tokens.slice(from, to + 1), lines);
    if (block) blocks.push(block);
    from = to + 1;
  }
  return blocks;
}

const isCode = ({ type }: Token): boolean => type === 'fence' || type === 'code_block';

function blockOf(tokens: Token[], lines: string[]): Block | undefined {
  const [first] = tokens as [Token];
  const inline = tokens.filter(({ type }) => type === 'inline');
  const code = tokens.filter(isCode);
  const text = [...inline.map(textOf), ...code.map(({ content }) => content)].join(' ');
  const children = inline.flatMap((token) => token.children ?? []);
  if (first.type === 'hr') return undefined;
  return {
    kind: kindOf(first),
    ...(first.type === 'heading_open' && { level: Number(first.tag.slice(1)) }),
    words: plainWords(text),
    line: (first.map?.[0] ?? 0) + 1,
    hasCode: code.some(({ content }) => content.trim() !== ''),
    hasPicture: children.some(({ type }) => type === 'image'),
    hasInlineCode: children.some(({ type }) => type === 'code_inline'),
    isOpen: tokens.some((token) => isUnclosed(token, lines)),
  };
}

function kindOf(token: Token): Block['kind'] {
  if (token.type === 'heading_open') return 'heading';
  if (token.type === 'blockquote_open') return 'quote';
  return isCode(token) ? 'code' : 'other';
}

/** A fence takes all that follows where nothing closes it. */
function isUnclosed({ type, map, markup }: Token, lines: string[]): boolean {
  if (type !== 'fence' || !map) return false;
  const last = lines[map[1] - 1] ?? '';
  return map[1] - map[0] < 2 || !last.replace(/^[\s>]+/, '').startsWith(markup);
}
