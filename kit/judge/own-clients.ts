import type { Redis } from 'ioredis';
import type { Connection } from 'mysql2/promise';

/** Errors that a client of the judge's own gave, and what it had been asked. */
const given = new WeakMap<object, string>();

/**
 * What a client of the judge's own had been asked when it gave this error: `SET order:1`, `SELECT`; undefined for an error
 * of any other origin. The connection decides whose an error is, never its words, which a student could choose.
 *
 * @example askedByJudge(await ownRedis(redis).call('NO-SUCH-COMMAND').catch((error) => error)) // 'NO-SUCH-COMMAND'
 */
export const askedByJudge = (error: unknown): string | undefined =>
  error && typeof error === 'object' ? given.get(error) : undefined;

function mark(asked: () => string): (error: unknown) => void {
  return (error) => {
    if (error && typeof error === 'object' && !given.has(error)) given.set(error, asked());
  };
}

/** Makes `askedByJudge` know what this client throws, and what its duplicates do. @returns the same client. */
export function ownRedis(redis: Redis): Redis {
  const [send, duplicate] = [redis.sendCommand.bind(redis), redis.duplicate.bind(redis)];
  redis.sendCommand = (command, stream) => {
    command.promise.catch(mark(() => `${command.name.toUpperCase()} ${command.args[0] ?? ''}`.trim()));
    return send(command, stream);
  };
  redis.duplicate = (...args) => ownRedis(duplicate(...args));
  return redis;
}

/** The same for a connection to MySQL. */
export function ownMysql(connection: Connection): Connection {
  return new Proxy(connection, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const result: unknown = value.apply(target, args);
        if (result instanceof Promise) result.catch(mark(() => firstWord(args[0]) ?? String(key)));
        return result;
      };
    },
  });
}

const firstWord = (sql: unknown): string | undefined =>
  typeof sql === 'string' ? /\w+/.exec(sql)?.[0] : undefined;
