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

/** Longer code is shown without colours: colouring takes time, and this text is somebody else's. */
const longest = 20_000;

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * Code as HTML with its words marked for colouring. Of a language not known here it is escaped only.
 *
 * @example highlight('const a = 1;', 'ts') // '<span class="hljs-keyword">const</span> a = ...'
 */
export function highlight(code: string, language: string): string {
  if (code.length > longest || !hljs.getLanguage(language)) return escapeHtml(code);
  return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}
