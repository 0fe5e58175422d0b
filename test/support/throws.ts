import { CheckFailed } from '../../kit/judge/check-errors.ts';
import { shown } from '../../kit/judge/explain.ts';
import { isThrown } from '../../kit/judge/thrown-by.ts';

/**
 * What became of a call, in words: that it resolved, and to what, or the name of the error that it threw.
 *
 * @throws whatever else happened: an endless loop, an ended process, a stub that is not written yet.
 * @example await outcomeOf(lab.getOrderById(7)) // 'it resolved to null', or 'RangeError'
 */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    const value = await call;
    return value === undefined ? 'it resolved' : `it resolved to ${shown(value)}`;
  } catch (error) {
    if (isThrown(error)) return error.name;
    throw error;
  }
}

/**
 * That a call threw an error of this name, as its contract says.
 *
 * @param outcome what `outcomeOf` said of it.
 * @throws CheckFailed, which says what came in its place.
 * @example thrown(await outcomeOf(lab.getOrders({ limit: -1 })), 'RangeError', 'No list has -1 orders')
 */
export function thrown(outcome: string, name: string, sentence: string): void {
  if (outcome === name) return;
  const got = outcome.startsWith('it resolved')
    ? `nothing was thrown: ${outcome}`
    : `an error named ${outcome}`;
  throw new CheckFailed(sentence, { expected: `an error named ${name}`, got });
}
