import type { Equivalent } from '../../kit/prove/mutants/equivalents.ts';

export const equivalents: readonly Equivalent[] = [
  {
    source: "const ENDED = 'ended';",
    from: "'ended'",
    to: '""',
    why: "The words of the mark are nobody else's: no session is written as an empty text.",
  },
];
