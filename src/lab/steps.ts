import type { LabContext } from './context.ts';

/** What a step of a self-paced lab is handed. */
export interface StepTools<Lab> {
  /** The live servers: the store of the learner, never that of a check. */
  lab: LabContext;
  /** The functions of the chosen labs: the learner's, or with `LABS=answers` the worked ones. */
  yours: Lab;
  /** Prints a paragraph. */
  say(text: string): void;
  /** Prints rows as a table. */
  table(rows: readonly object[]): void;
  /** Runs `fn` with clients whose traffic is watched, then draws what crossed the network. */
  wire<T>(fn: (lab: LabContext) => Promise<T>): Promise<T>;
}

/** One step of the script that `./lab 01` plays: a question to think about, then something that really runs. */
export interface Step<Lab> {
  title: string;
  /** Shown before the step runs. Predict first. */
  text: string;
  run(tools: StepTools<Lab>): Promise<void>;
}
