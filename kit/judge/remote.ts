/** A lab's functions as a check calls them: the context is the runner's, the rest crosses as plain data. */
export type Remote<Lab> = {
  [K in keyof Lab]: Lab[K] extends (ctx: never, ...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};
