import { safeLine, safeText } from './safe-text.ts';

/** Marks that Markdown, or a host's extension of it, reads within a line. */
const within = /[\\`*_[\]<>#&~|$]/g;

/** Escapes a part of a line; `first` where it begins the line, and so could begin a list or a heading. */
function escaped(text: string, { first }: { first: boolean }): string {
  const inside = text
    .replaceAll(within, '\\$&')
    .replaceAll('://', '\\://')
    .replaceAll(/\bwww\./gi, '$&\u200b');
  return first ? inside.replace(/^(\d+)([.)])/, '$1\\$2').replace(/^[-+=:]/, '\\$&') : inside;
}

/**
 * Text that Markdown shows as it is, on one line; what a student wrote can begin nothing there.
 *
 * @example inline('<b> *x*') // '\<b\> \*x\*'
 */
export function inline(text: string): string {
  return escaped(safeLine(text), { first: true });
}

/** A sentence in which `names` stay code, every other mark is text. */
export function sentence(text: string): string {
  return safeLine(text)
    .split(/`([^`]+)`/)
    .map((part, i) => (i % 2 === 1 ? `\`${part}\`` : escaped(part, { first: i === 0 })))
    .join('');
}

/**
 * A block of code around any text: its fence is longer than every run of backticks inside.
 *
 * @example fence('a') // '```text\na\n```'
 */
export function fence(text: string, { safe = false }: { safe?: boolean } = {}): string {
  const content = safe ? text : safeText(text);
  const longest = Math.max(2, ...(content.match(/`+/g) ?? []).map(({ length }) => length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}text\n${content}\n${marks}`;
}
