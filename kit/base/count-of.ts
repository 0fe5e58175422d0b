/**
 * A number with its noun, as a sentence has it: one is no plural, and thousands have their comma.
 *
 * @example countOf(1, 'point') // '1 point'
 * @example countOf(2_020, 'key') // '2,020 keys'
 */
export const countOf = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
