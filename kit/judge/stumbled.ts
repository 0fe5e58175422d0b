import { rootFolder } from '../base/root.ts';
import { InfrastructureError } from './explain.ts';
import { askedByJudge } from './own-clients.ts';

/** How a connection of the judge's own ends in Node, ioredis and mysql2. It only chooses the sentence. */
const lost =
  /ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|PROTOCOL_CONNECTION_LOST|MaxRetriesPerRequest|Connection is closed|ETIMEDOUT|ENOSPC|EMFILE|ENOMEM/;

/**
 * What to tell of an error that is not the student's: which server failed, or which check stumbled, and where.
 *
 * @example
 * sentenceOfTrouble(new TypeError('rows is not iterable'), '02.list.exact')
 * // "Check 02.list.exact has an error of its own: TypeError: rows is not iterable (test/02-read-orders.test.ts:231). …"
 */
export function sentenceOfTrouble(error: unknown, check: string): string {
  if (error instanceof InfrastructureError) return error.message;
  const asked = askedByJudge(error);
  if (asked) return `The judge's own ${asked} failed: ${(error as Error).message}`;
  const { name, message, code, stack } = Object(error) as NodeJS.ErrnoException;
  if (lost.test(`${code} ${name} ${message}`)) return `A server of the judge's own failed: ${message}`;
  const what = error instanceof Error ? `${name}: ${message}` : String(error);
  const place = placeIn(stack);
  return `Check ${check} has an error of its own: ${what}${place ? ` (${place})` : ''}. This is the course's mistake, not yours, and costs you no points. Tell whoever runs the course.`;
}

/** The innermost frame that lies in a check or in what checks share, `test/02-read-orders.test.ts:231`; else the innermost of ours. */
function placeIn(stack: string | undefined): string | undefined {
  const root = `${rootFolder()}/`;
  const places = (stack ?? '').split('\n').flatMap((line) => {
    const [, file, number] = /(?:\(|file:\/\/|at )(\/[^():]+):(\d+):\d+\)?$/.exec(line) ?? [];
    return file?.startsWith(root) && !file.includes('/node_modules/')
      ? [`${file.slice(root.length)}:${number}`]
      : [];
  });
  return places.find((place) => place.startsWith('test/')) ?? places[0];
}
