/**
 * Colours of the code in an answer's HTML, for light, dark and paper. Every pair has a contrast of at least 4.5 on its
 * background. A page puts it into its own style sheet.
 */
export const codeCss = `
.hljs-keyword, .hljs-built_in, .hljs-type, .hljs-literal { color: var(--code-word, #8a1c6b); }
.hljs-string, .hljs-regexp, .hljs-addition { color: var(--code-text, #1c6b2a); }
.hljs-number, .hljs-symbol, .hljs-attr { color: var(--code-number, #8a4b00); }
.hljs-title, .hljs-title.function_, .hljs-section { color: var(--code-name, #1a4fa3); }
.hljs-comment, .hljs-quote, .hljs-meta { color: var(--code-comment, #5f6672); font-style: italic; }
.hljs-deletion { color: var(--code-gone, #a3241a); }
@media (prefers-color-scheme: dark) {
  :root {
    --code-word: #f0a6dc; --code-text: #9fdcaa; --code-number: #f2c078; --code-name: #a5c8ff;
    --code-comment: #a0a8b5; --code-gone: #ffaaa2;
  }
}
@media print {
  :root {
    --code-word: #8a1c6b; --code-text: #1c6b2a; --code-number: #8a4b00; --code-name: #1a4fa3;
    --code-comment: #5f6672; --code-gone: #a3241a;
  }
}
`;
