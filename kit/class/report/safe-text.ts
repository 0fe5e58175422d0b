import { harmless } from '../../base/harmless.ts';

/**
 * What a terminal obeys (colours, the cursor, titles, links), as `harmless` shows it. Bounded: Node's own
 * `stripVTControlCharacters` takes 11 s for 64 KB of titles that are begun and never ended.
 */
const terminal =
  /\\x1b\[[0-9;?]{0,32}[ -/]{0,4}[@-~]|\\x1b\](?:(?!\\x(?:07|1b))[^\n]){0,256}(?:\\x07|\\x1b\\)/g;

/** Characters that turn the direction of a line, or that nobody sees: shown as their code. */
const unseen = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2060\u2066-\u2069\ufeff]/g;
/** Half a character, and what Unicode and XML say is none. */
const broken = /[\p{Cs}\p{Noncharacter_Code_Point}]/gu;

/** What a part of a path is made of. Bounds on length and number keep a hostile text from costing time. */
const part = String.raw`\/[^\s'"\x60<>|:;,()[\]{}\/]{1,255}`;
const roots =
  'home|root|tmp|var|usr|opt|etc|proc|run|srv|mnt|media|private|Users|Volumes|work|workspace|builds';
/** A path below a folder that systems have, or to a file of code; what follows the last `/` is kept. */
const path = new RegExp(
  String.raw`(?:file:\/\/|(?<![\w.…~\/]))(?:(?=\/(?:${roots})\/)(?:${part}){2,32}|(?:${part}){1,32}\.(?:[cm]?[jt]s|json|md|lua|sock))\/?`,
  'gu',
);
const windowsPath = /\b[A-Za-z]:\\(?:[^\s'"`<>|:;,()[\]{}\\]+\\)*([^\s'"`<>|:;,()[\]{}\\]+)/g;

/**
 * A student's text as every report shows it: colours gone, control characters and turned directions visible, and of
 * an absolute path only the end, since the folders of the grading machine are nobody's business.
 *
 * @example safeText('\x1b[31mat /tmp/class/zoe/labs/03-hset-mapping.ts:12') // 'at …/labs/03-hset-mapping.ts:12'
 */
export function safeText(text: string): string {
  return harmless(text.replaceAll('\r\n', '\n'))
    .replaceAll(terminal, '')
    .replaceAll(unseen, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll(broken, '\ufffd')
    .replaceAll(path, endOf)
    .replaceAll(windowsPath, '…/$1');
}

function endOf(found: string): string {
  const parts = found.split('/').filter((part) => part !== '');
  const kept = /^(labs|answers|src)$/.test(parts.at(-2) ?? '') ? parts.slice(-2) : parts.slice(-1);
  return `…/${kept.join('/')}`;
}

/** The same on one line: a name, a title, a cell. */
export function safeLine(text: string): string {
  return safeText(text).replaceAll(/\s+/g, ' ').trim();
}

/**
 * The beginning and the end of a long text, and how much was left out between.
 *
 * @example bounded('abcdefghij', 4) // 'abc\n… 6 more characters …\nj'
 */
export function bounded(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = Math.ceil(most * 0.75);
  const tail = most - head;
  const left = text.length - head - tail;
  return `${text.slice(0, head)}\n… ${left.toLocaleString('en')} more characters …\n${tail > 0 ? text.slice(-tail) : ''}`;
}
