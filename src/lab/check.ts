import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { escapeHtml } from '../../kit/base/html.ts';
import { rootFolder } from '../../kit/base/root.ts';
import type { CheckReport, LabResult } from '../../kit/judge/result.ts';
import { findLab } from '../catalog.ts';
import { renderResult } from './check-view.ts';
import { updatingDisplay } from './display.ts';
import { page } from './html-page.ts';

/**
 * Grades the file `labs/<id>.ts` as it is saved, in a process of its own, and shows each check with its points and,
 * for a failure, the likely mistake. Resolves to the result whatever the points.
 *
 * @throws CheckFailed (by `name`) where the checks could not be run at all; the message says why.
 * @example await check('01') // shows the result; (await check('01')).points
 */
export async function check(id: string): Promise<LabResult> {
  const { id: lab, title } = findLab(id);
  const place = updatingDisplay();
  const began = performance.now();
  const wait = () => {
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const text = `Checking ${lab} (${title}) ... ${seconds} s`;
    place.show({ text, html: page(`<span class="sl-soft">${escapeHtml(text)}</span>`) });
  };
  wait();
  const ticking = setInterval(wait, 1000);
  try {
    const { stdout, stderr } = await runCheck(lab);
    const result = parseReport(stdout)?.labs.find((one) => one.lab === lab);
    if (!result) throw failed(lab, stderr.trim() || stdout.trim());
    place.done(renderResult(result));
    return shortened(result);
  } catch (error) {
    const { message } = error as Error;
    place.done({ text: message, html: page(`<span class="sl-bad">${escapeHtml(message)}</span>`) });
    throw error;
  } finally {
    clearInterval(ticking);
  }
}

function runCheck(lab: string): Promise<{ stdout: string; stderr: string }> {
  const root = rootFolder();
  const { NODE_OPTIONS: _, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'kit', 'cli.ts'), 'check', lab, '--json'], {
      cwd: root,
      env: { ...env, STORELAB_ROOT: root, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // A kernel that is shut down takes its check with it.
    const end = () => child.kill();
    process.once('exit', end);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-10_000);
    });
    child.once('error', reject);
    child.once('close', () => {
      process.off('exit', end);
      resolve({ stdout, stderr });
    });
  });
}

function parseReport(stdout: string): CheckReport | undefined {
  try {
    return JSON.parse(stdout) as CheckReport;
  } catch {
    return undefined;
  }
}

function failed(lab: string, said: string): Error {
  const error = new Error(
    `The checks of ${lab} could not be run: ${said || 'they ended and printed nothing'}`,
  );
  error.name = 'CheckFailed';
  return error;
}

/**
 * The display says it all: the cell that ran the checks prints no value below it. Shown once more, the result is one
 * line.
 */
function shortened(result: LabResult): LabResult {
  const sentence = `${result.points} of ${result.maxPoints} points`;
  let before = false;
  const shown = () => {
    const again = before;
    before = true;
    return again ? { 'text/plain': sentence } : undefined;
  };
  Object.defineProperty(result, Symbol.for('Jupyter.display'), { value: shown, enumerable: false });
  return Object.defineProperty(result, inspect.custom, { value: () => sentence, enumerable: false });
}
