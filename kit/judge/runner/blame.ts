import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { MachineTooBusy } from '../machine-too-busy.ts';
import { originalLine, StudentError } from './student-error.ts';
import type { Hopeless } from './watch.ts';

/** What a call was, for a sentence about its end. */
export interface Blamed {
  /** The function that was called; '' where the file was loaded. */
  name: string;
  /** Line in the student's file, from 1. */
  line: number | undefined;
  /** The limit that was in force (`Limit.named`). */
  limit: string;
}

/** What to say when waiting for a process is hopeless; where the machine is to blame, an infrastructure error. */
export function blamed(verdict: Hopeless, { name, line, limit }: Blamed): Error {
  const what = name ? `\`${name}\`` : 'Loading your file';
  const at = line ? ` (line ${line})` : '';
  const detail = line ? { line } : {};
  if (verdict.why === 'machine') {
    const [wall, lost] = [seconds(verdict.wallMs), seconds(verdict.lostMs)];
    return new MachineTooBusy(
      `${what} had not settled after ${wall}, and for ${lost} of them the machine had no time for it or for the judge`,
    );
  }
  if (verdict.why === 'blocked') {
    const used = verdict.cpuMs === undefined ? '' : ` for ${seconds(verdict.cpuMs)} of processor time`;
    return new StudentError(
      'endless loop',
      `${what} was still running without a pause${used}${at}: is this an endless loop? A loop needs an end, and an \`await\` of something real inside.`,
      detail,
    );
  }
  if (verdict.why === 'idle') {
    return new StudentError(
      'never settles',
      `${what} had not settled${at}, and for ${seconds(verdict.forMs)} it was waiting for nothing: no command, no timer and no computation was under way. Is there a promise that never resolves? Look for an \`await\` on something that never happens.`,
      detail,
    );
  }
  return new StudentError(
    'too slow',
    `${what} had not settled${at} when ${limit} were over. Does it wait for something that does not happen, or do one thing at a time that could be done together?`,
    detail,
  );
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

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
