import { CacheUnavailable } from '../../src/cache/redis-calls.ts';
import { isRefusal, isTrouble, messageOf } from '../../src/cache/redis-trouble.ts';
import { codeOf } from '../shared/mysql-errors.ts';

/**
 * What a lab's function of the game threw that is not its fault: CacheUnavailable where Redis failed, MySQL's errors as
 * they came, and the errors of its contract.
 *
 * @param contract names of errors that its contract has: 'NoSuchPlayer'
 */
export const serverError =
  (name: string, contract: readonly string[] = []) =>
  (error: unknown): Error | undefined => {
    if (isRefusal(error) || isTrouble(error))
      return new CacheUnavailable(`Redis failed at ${name}: ${messageOf(error)}`, { cause: error });
    const own = contract.includes((error as Error | null)?.name ?? '');
    return own || /^(ER_|PROTOCOL_|E[A-Z])/.test(codeOf(error)) ? (error as Error) : undefined;
  };
