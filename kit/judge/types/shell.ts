import { type Bubblewrap, bare } from '../isolation/bubblewrap.ts';
import { lookForBubblewrap } from '../isolation/probe.ts';

/** Shuts a command of the kit's own in, so that it sees only what it is shown. */
export interface Shell {
  /**
   * The command to start in place of this one.
   *
   * @param given.places files and folders that it sees, read-only, each with where.
   */
  around(
    command: readonly string[],
    given: { places: readonly (readonly [from: string, to: string])[]; cwd: string },
  ): string[];
}

let found: Promise<Shell | undefined> | undefined;

/** Bubblewrap, where this machine has it and it works for this process's own user. It is tried out once. */
export function findShell(): Promise<Shell | undefined> {
  found ??= lookForBubblewrap(undefined).then((bubblewrap) =>
    'missing' in bubblewrap ? undefined : inBubblewrap(bubblewrap),
  );
  return found;
}

function inBubblewrap(bubblewrap: Bubblewrap): Shell {
  return {
    around: (command, shown) => [bubblewrap.path, ...bare(bubblewrap, shown), '--', ...command],
  };
}
