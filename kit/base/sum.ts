/** @example sum([1, 2, 3]) // 6 */
export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
