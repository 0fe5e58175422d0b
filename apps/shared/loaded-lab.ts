/** A lab as it was loaded. */
export interface LoadedLab {
  /** `02-read-orders` */
  id: string;
  title: string;
  question: string;
  /** How to name its file to a person: `labs/02-read-orders.ts`. */
  file: string;
  /** What the file exports; empty where it does not load. */
  exports: Record<string, unknown>;
  /** Why it does not load, in a sentence. */
  problem?: string;
}

/** The lab of this id, or one that exports nothing and says that it is not there. */
export function labOfId(labs: readonly LoadedLab[], id: string): LoadedLab {
  const problem = 'this edition does not hold it.';
  return (
    labs.find((lab) => lab.id === id) ?? {
      id,
      title: id,
      question: '',
      file: `labs/${id}.ts`,
      exports: {},
      problem,
    }
  );
}
