import { markdownParser } from './markdown-parser.ts';
import { textOf } from './render.ts';

/** A heading that a link can lead to. */
export interface Heading {
  text: string;
  level: number;
  /** As on GitHub: `1-from-an-order-to-fields`. */
  slug: string;
}

/** The headings of an answer in order, with the names that a link `#name` gives them. */
export function headingsOf(markdown: string): Heading[] {
  const tokens = markdownParser().parse(markdown, {});
  const seen = new Map<string, number>();
  return tokens.flatMap((token, index) => {
    if (token.type !== 'heading_open') return [];
    const text = textOf(tokens[index + 1]!).trim();
    const plain = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(plain) ?? 0;
    seen.set(plain, times + 1);
    return [{ text, level: Number(token.tag.slice(1)), slug: times === 0 ? plain : `${plain}-${times}` }];
  });
}
