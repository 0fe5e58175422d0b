import type { LoadedLab } from './loaded-lab.ts';

/** A lab's function is still a stub, or its file does not load: the shop shows the lab's question instead. */
export class LabNotSolved extends Error {
  override name = 'LabNotSolved';
  readonly lab: LoadedLab;
  readonly fn: string;

  constructor(lab: LoadedLab, fn: string) {
    super(
      lab.problem ? `${lab.file} does not load: ${lab.problem}` : `${fn} in ${lab.file} is not written yet.`,
    );
    this.lab = lab;
    this.fn = fn;
  }
}

/** A lab's function threw, took too long, or gave something else than its contract says. */
export class LabFailed extends Error {
  override name = 'LabFailed';
  readonly lab: LoadedLab;
  readonly fn: string;

  constructor(lab: LoadedLab, fn: string, what: string, options?: { cause?: unknown }) {
    super(`${fn} in ${lab.file} ${what}`, options);
    this.lab = lab;
    this.fn = fn;
  }
}

/** What to run next: `'./lab 02'` for a stub, `'./lab check 02'` for code that fails. */
export const nextCommand = (error: LabNotSolved | LabFailed): string =>
  `./lab ${error instanceof LabFailed ? 'check ' : ''}${numberOf(error.lab)}`;

/** @example numberOf({ id: '02-read-orders', ... }) // '02' */
export const numberOf = ({ id }: Pick<LoadedLab, 'id'>): string => id.slice(0, 2);
