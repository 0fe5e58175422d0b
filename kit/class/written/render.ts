import type { RendererRule, Token } from 'markdown-it';
import { escapeHtml } from '../../base/html.ts';
import { highlighter } from './highlight.ts';
import { markdownParser } from './markdown-parser.ts';

/** What a page may allow beyond the safe minimum. */
export interface RenderOptions {
  /** By how much headings go down: 2 makes the title of an answer an `h3`. */
  shift?: number;
  /** Where a link goes, or undefined to show its text alone. By default http, https and mailto as they are. */
  link?: (href: string, line: number) => string | undefined;
  /** A picture's address to embed, or undefined to show its description and, where it is remote, a link. */
  picture?: (src: string, line: number) => string | undefined;
  /** The id of a heading. */
  anchor?: (text: string, level: number) => string | undefined;
}

const isWeb = (href: string): boolean => /^(?:https?:\/\/|mailto:)/i.test(href);

/**
 * The HTML of an answer, whoever wrote it: no HTML of its own, no script, no picture from elsewhere, links to the web
 * and to mail only. Code is coloured here, so that the page needs no script.
 *
 * @example renderAnswer('<b>x</b>') // '<p>&lt;b&gt;x&lt;/b&gt;</p>\n'
 */
export function renderAnswer(markdown: string, options: RenderOptions = {}): string {
  const md = markdownParser();
  // The links are judged below, one by one; here only what could run is kept from becoming a link at all.
  const mayBeLink = md.validateLink;
  md.validateLink = (href) => mayBeLink(href) && !/^(?:data|file|javascript|vbscript):/i.test(href.trim());
  const tokens = md.parse(markdown, {});
  let line = 0;
  for (const [index, token] of tokens.entries()) {
    line = token.map ? token.map[0] + 1 : line;
    if (token.type === 'heading_open' || token.type === 'heading_close') shiftHeading(token, options);
    if (token.type === 'heading_open') {
      const id = options.anchor?.(textOf(tokens[index + 1]!), Number(token.tag.slice(1)));
      if (id) token.attrSet('id', id);
    }
    if (token.type === 'inline') judge(token.children ?? [], { line, options });
  }
  const highlight = highlighter();
  const codeBlock: RendererRule = (all, index) => {
    const { content, info } = all[index]!;
    return `<pre class="code"><code>${highlight(content, languageOf(info))}</code></pre>\n`;
  };
  md.renderer.rules.fence = codeBlock;
  md.renderer.rules.code_block = codeBlock;
  md.renderer.rules.image = (all, index) => pictureOf(all[index]!);
  md.renderer.rules.table_open = () => '<div class="table"><table>\n';
  md.renderer.rules.table_close = () => '</table></div>\n';
  return md.renderer.render(tokens, md.options, {});
}

/** The text of a heading or paragraph, code and descriptions of pictures included. */
export function textOf({ children }: Pick<Token, 'children'>): string {
  const parts = (children ?? []).map((token) =>
    token.type === 'softbreak' || token.type === 'hardbreak' ? ' ' : token.content,
  );
  return parts.join('');
}

function shiftHeading(token: Token, { shift = 0 }: RenderOptions): void {
  token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + shift)}`;
}

/**
 * The language of a fence: the first word behind the backticks.
 *
 * @example languageOf('TypeScript title="a.ts"') // 'typescript'
 */
export const languageOf = (info: string): string => /^[\w+-]*/.exec(info.trim())![0].toLowerCase();

/** Decides on every link and picture of a line of text. */
function judge(children: Token[], { line, options }: { line: number; options: RenderOptions }): void {
  const { link = (href: string) => (isWeb(href) ? href : undefined), picture } = options;
  let at = line;
  let open = 0;
  let span = false;
  for (const token of children) {
    if (token.type === 'softbreak' || token.type === 'hardbreak') at += 1;
    if (token.type === 'link_open') {
      const href = link(String(token.attrGet('href')), at);
      span = href === undefined;
      token.attrs = href === undefined ? [['class', 'dead-link']] : [['href', href]];
      if (href !== undefined && isWeb(href)) token.attrSet('rel', 'noopener noreferrer');
      open += 1;
    }
    if ((token.type === 'link_open' || token.type === 'link_close') && span) token.tag = 'span';
    if (token.type === 'link_close') open -= 1;
    if (token.type === 'image') {
      const src = String(token.attrGet('src'));
      token.meta = { embed: picture?.(src, at), inLink: open > 0 && !span };
    }
  }
}

function pictureOf(token: Token): string {
  const src = String(token.attrGet('src'));
  const said = escapeHtml(textOf(token) || token.content || 'without a description');
  const { embed, inLink } = token.meta as { embed?: string; inLink: boolean };
  if (embed) return `<img src="${escapeHtml(embed)}" alt="${said}">`;
  const text = `[picture: ${said}]`;
  if (!isWeb(src) || inLink) return `<span class="picture">${text}</span>`;
  return `<a class="picture" href="${escapeHtml(src)}" rel="noopener noreferrer">${text}</a>`;
}
