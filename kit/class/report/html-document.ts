import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Html, html, Html as Raw } from '../../base/html-template.ts';
import { rootFolder } from '../../base/root.ts';

/** Reads a style sheet or a script of the reports, which stand beside this file. */
export const readPart = (name: string): string =>
  readFileSync(join(rootFolder(), 'kit/class/report', name), 'utf8').trim();

const hash = (text: string): string =>
  `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

export interface DocumentParts {
  title: string;
  body: Html;
  /** CSS of this page, after the reports' own. */
  style?: string;
  /** A script of ours, a constant: data never enters it. */
  script?: string;
}

/**
 * A self-contained HTML page. Its policy allows this style and this script, by their hashes, and nothing else: no
 * other script, no request, no form, no frame, whatever a student's text holds.
 */
export function htmlDocument({ title, body, style = '', script }: DocumentParts): string {
  const css = `${readPart('report.css')}${style && `\n${style}`}`;
  const policy = [
    "default-src 'none'",
    `style-src ${hash(css)}`,
    `script-src ${script === undefined ? "'none'" : hash(script)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Raw(css)}</style>
</head>
<body>
${body}
${script === undefined ? '' : new Raw(`<script>${script}</script>\n`)}</body>
</html>
`.text;
}
