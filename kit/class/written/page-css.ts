import { codeCss } from './answer-css.ts';

/** The look of a page of answers: on a screen, light or dark, and on paper. */
export const pageCss = `
:root {
  color-scheme: light dark;
  --ink: #1c2026; --soft: #59616e; --paper: #ffffff; --panel: #f4f5f8; --line: #d8dce3; --link: #1a4fa3;
  --note: #fff6df; --note-line: #c98a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e4e7ec; --soft: #a0a8b5; --paper: #15181d; --panel: #1f242b; --line: #363d48; --link: #a5c8ff;
    --note: #2b2616; --note-line: #d9a52e;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 52rem; padding: 2.5rem 1.5rem 5rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", sans-serif;
}
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 2.2em 0 0.6em; text-wrap: balance; }
h1 { font-size: 2.1rem; margin-top: 0; }
h2 { font-size: 1.6rem; }
h3 { font-size: 1.2rem; }
h4, h5, h6 { font-size: 1.05rem; }
header p { color: var(--soft); }
a { color: var(--link); text-underline-offset: 0.15em; }
p, ul, ol, blockquote, .table, pre { margin: 0 0 1em; }
nav { border: 1px solid var(--line); border-radius: 0.5rem; padding: 1rem 1.5rem 0.4rem; }
nav h2 { font-size: 1rem; margin: 0 0 0.5rem; }
nav ol, nav ul { list-style: none; margin: 0 0 0.6rem; padding: 0; }
nav ul { padding-left: 1.6rem; font-size: 0.95em; columns: 2 16rem; }
nav ul li { break-inside: avoid; }
nav ul a { color: var(--soft); }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
section { border-top: 1px solid var(--line); margin-top: 3.5rem; }
section > h2:first-child, section > .remarks + h2 { margin-top: 2.5rem; }
blockquote { border-left: 0.25rem solid var(--line); padding: 0.1rem 0 0.1rem 1.1rem; color: var(--soft); }
blockquote > :last-child { margin-bottom: 0; }
code { font: 0.9em/1.5 ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; }
:not(pre) > code { background: var(--panel); border-radius: 0.25rem; padding: 0.1em 0.3em; overflow-wrap: anywhere; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.9rem 1.1rem; overflow-x: auto; font-size: 0.85rem; line-height: 1.5; }
pre code { display: block; font-size: 1em; line-height: inherit; tab-size: 2; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.95em; }
th, td { border: 1px solid var(--line); padding: 0.4rem 0.7rem; text-align: left; vertical-align: top; }
th { background: var(--panel); }
img { max-width: 100%; }
.dead-link { text-decoration: underline dotted; }
.remarks { background: var(--note); border-left: 0.25rem solid var(--note-line); padding: 0.7rem 1rem; margin-top: 2rem; }
.remarks ul { margin: 0; padding-left: 1.2rem; }
${codeCss}
@page { size: A4; margin: 18mm 16mm; }
@media print {
  :root {
    color-scheme: light;
    --ink: #000; --soft: #444; --paper: #fff; --panel: #f6f6f6; --line: #bbb; --link: #000; --note: #fff; --note-line: #888;
  }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  h1 { font-size: 20pt; } h2 { font-size: 16pt; } h3 { font-size: 13pt; } h4, h5, h6 { font-size: 11pt; }
  section { break-before: page; border-top: 0; margin-top: 0; }
  section > h2:first-child { margin-top: 0; }
  h1, h2, h3, h4, h5, h6 { break-after: avoid; }
  tr, blockquote, img { break-inside: avoid; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; overflow: visible; font-size: 8.5pt; }
  .table { overflow: visible; }
  p, li { orphans: 3; widows: 3; }
  nav ol { margin-bottom: 0.4em; }
  section a[href^="http"]::after { content: " (" attr(href) ")"; font-size: 0.85em; overflow-wrap: anywhere; }
}
`;
