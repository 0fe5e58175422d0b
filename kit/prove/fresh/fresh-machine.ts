import type { BareMachine, CommandOptions } from './bare-machine.ts';

/** A bare machine for one of README's commands: what it says is told on, and kept in `.lab/fresh-PART.log`. */
export interface FreshMachine {
  machine: BareMachine;
  options: CommandOptions;
  /** All that the command has said so far. */
  lines: readonly string[];
  signal: AbortSignal;
}
