import pc from 'picocolors';
import type { StepEvent, StepListener } from './run-step.ts';

/** Where steps are printed; `isTTY` decides between a moving line and plain ones. */
export interface StepOutput {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/**
 * A listener that prints steps: on a terminal a spinner with what goes on, elsewhere a line when a step takes
 * longer than half a second. Each ends as one line: `✓ JupyterLab: 4.6.6, in .venv (12.3 s)`.
 *
 * @example await prepare({ jupyter: true, onStep: printSteps(process.stderr) })
 */
export function printSteps(output: StepOutput): StepListener {
  return output.isTTY ? movingSteps(output) : plainSteps(output);
}

function lastLine({ state, title, text, ms }: StepEvent): string {
  const mark = state === 'done' ? pc.green('✓') : pc.red('✗');
  const took = ms >= 100 ? pc.dim(` (${seconds(ms)})`) : '';
  return `${mark} ${pc.bold(title)}: ${text}${took}\n`;
}

function plainSteps(output: StepOutput): StepListener {
  let pending: NodeJS.Timeout | undefined;
  return (event) => {
    if (event.state === 'begin') {
      pending = setTimeout(() => output.write(`  ${event.title}: ${event.text} ...\n`), 500);
      pending.unref();
    } else if (event.state !== 'progress') {
      clearTimeout(pending);
      output.write(lastLine(event));
    }
  };
}

function movingSteps(output: StepOutput): StepListener {
  let current: StepEvent | undefined;
  let begun = 0;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    if (!current) return;
    const elapsed = seconds(performance.now() - begun);
    const room = (output.columns || 80) - current.title.length - elapsed.length - 8;
    const text =
      current.text.length > room ? `${current.text.slice(0, Math.max(0, room - 1))}…` : current.text;
    frame = (frame + 1) % frames.length;
    output.write(`\r\x1b[K${pc.cyan(frames[frame]!)} ${pc.bold(current.title)}: ${text} ${pc.dim(elapsed)}`);
  };
  return (event) => {
    if (event.state === 'begin') {
      begun = performance.now();
      timer = setInterval(draw, 100);
      timer.unref();
    }
    current = event;
    if (event.state === 'begin' || event.state === 'progress') return draw();
    clearInterval(timer);
    current = undefined;
    output.write(`\r\x1b[K${lastLine(event)}`);
  };
}
