/**
 * Whether a lab's function is not written yet: what its stub throws begins so.
 *
 * @example isTodo(new Error('TODO: write getProfile in labs/07-write-through.ts')) // true
 */
export const isTodo = (thrown: unknown): boolean =>
  String((thrown as { message?: unknown } | undefined)?.message).startsWith('TODO');
