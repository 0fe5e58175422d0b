import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { originalLine, StudentError } from './student-error.ts';

/** What to say when the time ran out: a blocked loop is an endless loop, a free one a promise that never settles. */
export function blamed(
  name: string,
  tookMs: number,
  { blocked, line }: { blocked: boolean; line: number | undefined },
): StudentError {
  const what = name ? `\`${name}\`` : 'Loading your file';
  const seconds = `${(tookMs / 1000).toFixed(1)} s`;
  const at = line ? ` (line ${line})` : '';
  const detail = line ? { line } : {};
  if (blocked) {
    return new StudentError(
      'endless loop',
      `${what} was still running without a pause after ${seconds}${at}: an endless loop? A loop needs an end, and an \`await\` of something real inside.`,
      detail,
    );
  }
  return new StudentError(
    'never settles',
    `${what} had not settled after ${seconds}${at}: a promise that never resolves? Look for an \`await\` on something that never happens.`,
    detail,
  );
}

/**
 * Asks the watchdog thread where the main thread stands; the innermost frame that lies in the student's file.
 *
 * @param file the transpiled file on this machine, and `inside` where the runner finds it.
 */
export async function whereNow(
  watchdog: Duplex,
  { file, inside }: { file: string; inside: string },
): Promise<number | undefined> {
  const text = await new Promise<string>((resolve) => {
    let held = '';
    const timer = setTimeout(() => resolve(''), 1000);
    watchdog.on('data', (chunk: Buffer) => {
      held += chunk;
      if (held.length > 100_000 || held.includes('\n')) {
        clearTimeout(timer);
        resolve(held);
      }
    });
    watchdog.write('where');
  });
  try {
    for (const frame of JSON.parse(text) as { url: string; line: number; column: number }[]) {
      if (frame.url?.startsWith('file:') && fileURLToPath(frame.url) === inside) {
        return originalLine(file, Number(frame.line), Number(frame.column));
      }
    }
  } catch {
    // A student can write to the watchdog's descriptor too: no line, then.
  }
  return undefined;
}
