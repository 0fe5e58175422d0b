import type { LabResult } from './result.ts';

/** So often a lab is judged in all where the judge's own servers failed it, or the machine had no time for it. */
export const MAX_ROUNDS = 3;

/** True where a check was left open by that, so that another round may tell. */
export const isLeftOpen = ({ checks }: Pick<LabResult, 'checks'>): boolean =>
  checks.some(({ outcome }) => outcome === 'infrastructure error');
