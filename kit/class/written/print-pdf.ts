import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';

const browsers = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Prints a page to a PDF, with Chromium or Chrome.
 *
 * @throws Error where neither is there, with what to do instead.
 */
export async function printPdf(page: string, pdf: string): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'storelab-print-'));
  const options = [
    '--headless',
    '--disable-gpu',
    '--disable-background-networking',
    '--no-pdf-header-footer',
  ];
  // Chromium refuses its sandbox to root. The page has no script and loads nothing.
  if (process.getuid?.() === 0) options.push('--no-sandbox');
  try {
    for (const browser of browsers) {
      const args = [
        ...options,
        `--user-data-dir=${profile}`,
        `--print-to-pdf=${pdf}`,
        pathToFileURL(page).href,
      ];
      const { exitCode, code } = await execa(browser, args, { reject: false, timeout: 60_000 });
      if (exitCode === 0) return;
      if (code !== 'ENOENT')
        throw new Error(`${browser} could not print ${page}: open it in a browser and print it there.`);
    }
    throw new Error(
      `No Chromium or Chrome is there to make a PDF: open ${page} in a browser and print it there.`,
    );
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
}
