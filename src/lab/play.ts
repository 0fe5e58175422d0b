import { createInterface } from 'node:readline/promises';
import pc from 'picocolors';
import { isTodo } from '../../kit/base/is-todo.ts';
import type { LabContext } from './context.ts';
import type { Step } from './steps.ts';
import { table } from './table.ts';
import { wire } from './wire.ts';

interface PlayOptions<Lab> {
  lab: LabContext;
  yours: Lab;
  /** Wait for Enter before each step runs, so that there is time to predict. */
  wait: boolean;
}

/**
 * Plays the steps of a lab in the terminal, one after the other. A step that needs code that is still a stub says so,
 * and the rest goes on.
 *
 * @returns whether every step found the code that it needs.
 */
export async function play<Lab>(
  steps: readonly Step<Lab>[],
  { lab, yours, wait }: PlayOptions<Lab>,
): Promise<boolean> {
  const keyboard = wait ? createInterface({ input: process.stdin, output: process.stdout }) : undefined;
  let written = true;
  try {
    for (const [i, step] of steps.entries()) {
      console.log(`\n${pc.bold(`${i + 1}. ${step.title}`)}\n${step.text}`);
      await keyboard?.question(pc.dim('Enter runs it '));
      try {
        await step.run({
          lab,
          yours,
          say: (text) => console.log(text),
          table: (rows) => table(rows),
          wire: async (fn) => (await wire(fn)).value,
        });
      } catch (error) {
        const { message, name } = error as Error;
        if (!isTodo(error)) throw error;
        written = false;
        console.log(pc.yellow(`${name === 'Error' ? '' : `${name}: `}Not written yet. ${message}.`));
      }
    }
  } finally {
    keyboard?.close();
  }
  return written;
}
