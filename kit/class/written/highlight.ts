import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import diff from 'highlight.js/lib/languages/diff';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import lua from 'highlight.js/lib/languages/lua';
import python from 'highlight.js/lib/languages/python';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import yaml from 'highlight.js/lib/languages/yaml';
import { escapeHtml } from '../../base/html.ts';

for (const [name, language] of Object.entries({
  bash,
  diff,
  javascript,
  json,
  lua,
  python,
  sql,
  typescript,
  yaml,
}))
  hljs.registerLanguage(name, language);

/**
 * Beyond these, code is shown without colours: colouring takes time, most of all on long lines, and this text is
 * somebody else's. All counts are characters.
 */
const longest = { block: 10_000, line: 500, answer: 60_000 };

const hasLongLine = (code: string): boolean => code.split('\n').some((line) => line.length > longest.line);

/**
 * A colouring of the code of one answer: code as HTML with its words marked. Of a language not known here, or of
 * unreasonable length, it is escaped only.
 *
 * @example highlighter()('const a = 1;', 'ts') // '<span class="hljs-keyword">const</span> a = ...'
 */
export function highlighter(): (code: string, language: string) => string {
  let left = longest.answer;
  return (code, language) => {
    if (code.length > Math.min(longest.block, left) || hasLongLine(code) || !hljs.getLanguage(language))
      return escapeHtml(code);
    left -= code.length;
    return hljs.highlight(code, { language, ignoreIllegals: true }).value;
  };
}
