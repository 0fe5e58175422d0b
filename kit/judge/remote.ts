/**
 * A lab's functions as a check calls them: the context is the runner's, the rest crosses as plain data. What comes back
 * is whatever the student's code made of it, so its type is `unknown`: a check says what it must be (`shapes.ts`), or
 * compares it as a whole, before it looks into it.
 */
export type Remote<Lab> = {
  [K in keyof Lab]: Lab[K] extends (ctx: never, ...args: infer Args) => unknown
    ? (...args: { [I in keyof Args]: FromCheck<Args[I]> }) => Promise<unknown>
    : never;
};

/** An argument of a check's; functions in it are called by the student's code, and so with anything at all. */
type FromCheck<Given> = Given extends readonly unknown[] | Date
  ? Given
  : Given extends (...args: never) => unknown
    ? CalledBack<Given>
    : Given extends object
      ? { [K in keyof Given]: CalledBack<Given[K]> }
      : Given;

type CalledBack<Given> = Given extends (...args: infer Args) => infer Result
  ? (...args: { [I in keyof Args]: unknown }) => Result
  : Given;
