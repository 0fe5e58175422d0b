import { stripVTControlCharacters } from 'node:util';
import type { Browser } from 'playwright-core';
import { escapeHtml } from '../../../kit/base/html.ts';

const colours: Record<string, string> = { 31: '#ff8f85', 32: '#7fd99a', 33: '#f3c969', 36: '#79d4e3' };

/** Takes a picture of what commands printed in a terminal, colours and all. */
export async function terminalPicture(browser: Browser, text: string, path: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 960, height: 400 }, deviceScaleFactor: 2 });
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>
    body{margin:0;background:#16181d}
    pre{margin:0;padding:14px 22px 22px;color:#d9dce3;font:13px/1.42 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre-wrap}
    header{display:flex;gap:8px;padding:14px 22px 0}
    i{width:11px;height:11px;border-radius:50%;background:#3a3e48}
  </style><header><i></i><i></i><i></i></header><pre>${asHtml(text)}</pre>`);
  await page.screenshot({ path, fullPage: true });
  await page.close();
}

/** The colours and weights that picocolors writes. */
function asHtml(text: string): string {
  const styles = new Set<string>();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with Escape
  const parts = text.split(/\x1b\[(\d*)m/);
  return parts
    .map((part, at) => {
      if (at % 2 === 1) {
        change(styles, part);
        return '';
      }
      const plain = escapeHtml(stripVTControlCharacters(part));
      return styles.size > 0 ? `<span style="${[...styles].join(';')}">${plain}</span>` : plain;
    })
    .join('');
}

function change(styles: Set<string>, code: string): void {
  const drop = (start: string) => {
    for (const style of styles) if (style.startsWith(start)) styles.delete(style);
  };
  if (code === '' || code === '0') styles.clear();
  else if (code === '1') styles.add('font-weight:700');
  else if (code === '2') styles.add('opacity:.6');
  else if (code === '3') styles.add('font-style:italic');
  else if (code === '22') {
    drop('font-weight');
    drop('opacity');
  } else if (code === '23') drop('font-style');
  else if (code === '39') drop('color');
  else if (colours[code]) {
    drop('color');
    styles.add(`color:${colours[code]}`);
  }
}
