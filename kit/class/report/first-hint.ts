import { catalog } from '../../../src/catalog.ts';

/** The first hint of a lab, a nudge and not the answer; undefined where the lab has none. */
export function firstHint(lab: string): string | undefined {
  return catalog.find(({ id }) => id === lab)?.hints[0];
}
