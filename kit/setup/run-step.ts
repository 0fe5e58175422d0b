import { SetupFailed } from './failure.ts';

/** What happens to one step of a set-up, told as it happens. */
export interface StepEvent {
  state: 'begin' | 'progress' | 'done' | 'failed';
  /** Name of the step: `JupyterLab`. */
  title: string;
  /** Of a begin the reason, of progress what goes on, of an end what came of it. */
  text: string;
  /** Milliseconds since the step's begin. */
  ms: number;
}

export type StepListener = (event: StepEvent) => void;

/** Says what a running step is doing: `tell('23 of 90 packages')`. */
export type Tell = (text: string) => void;

/** A step: why it is there, and the work, which resolves to its value and a sentence on what came of it. */
export interface Step<T> {
  why: string;
  work(tell: Tell): Promise<{ value: T; said: string }>;
}

/**
 * Runs one step and tells the listener of its begin, its progress and its end.
 *
 * @throws what the work throws.
 * @example
 * await runStep(onStep, 'Redis', { why: 'none runs', work: async () => ({ value: 6379, said: 'on port 6379' }) });
 */
export async function runStep<T>(onStep: StepListener, title: string, { why, work }: Step<T>): Promise<T> {
  const begun = performance.now();
  const tell = (state: StepEvent['state'], text: string) =>
    onStep({ state, title, text, ms: performance.now() - begun });
  tell('begin', why);
  try {
    const { value, said } = await work((text) => tell('progress', text));
    tell('done', said);
    return value;
  } catch (error) {
    tell('failed', error instanceof SetupFailed && error.code === 'stopped' ? 'stopped' : 'did not work');
    throw error;
  }
}
