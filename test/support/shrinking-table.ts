import type { Redis } from 'ioredis';
import { CheckFailed, NotGradable } from '../../kit/judge/check-errors.ts';
import type { Tap } from '../../kit/tap/tap.ts';

/** So many of the keys are orders, with the ids from 1: each of one user and of one product that has no other order. */
const ORDERS = 480;
/** So long Redis has to make its table smaller, ms: it looks ten times a second. */
const SHRINK_MS = 1_500;

/** For a check that has tried often enough, and saw no key given twice. */
export const notShrunk = (): NotGradable =>
  new NotGradable('This Redis did not shrink its table in time, so SCAN never gave a key twice.');

const plant = `for i = 1, ${ORDERS} do
  redis.call('HSET', 'order:' .. i, 'id', i, 'user_id', i, 'total_amount', '1.00', 'items_count', 1,
    'item_0_product_id', i, 'item_0_quantity', 1)
end
for i = ${ORDERS + 1}, ARGV[1] do redis.call('SET', 'note:' .. i, i) end`;

const keepOnly = `local keep = {} for _, key in ipairs(ARGV) do keep[key] = true end
for _, key in ipairs(redis.call('KEYS', '*')) do if not keep[key] then redis.call('DEL', key) end end`;

/** Every order that SCAN still gives from a cursor on, in its own order. */
async function ordersFrom(redis: Redis, from: string): Promise<string[]> {
  const keys: string[] = [];
  let cursor = from;
  do {
    const [next, some] = await redis.scan(cursor, 'MATCH', 'order:*', 'COUNT', 20_000);
    keys.push(...some);
    cursor = next;
  } while (cursor !== '0');
  return keys;
}

/** The cursor that Redis answers to the student's own SCAN. */
async function cursorAfter(redis: Redis, args: string): Promise<string> {
  const answer = redis.call('SCAN', ...args.split(' ')) as Promise<[string]>;
  const [next] = await answer.catch((error: Error) => {
    if (error.name !== 'ReplyError') throw error;
    throw new CheckFailed(`Redis does not take your SCAN ${args}: ${error.message}`);
  });
  return next;
}

/** A cursor that stands somewhere inside a quarter of the table, and not in its last one. */
function insideQuarter(given: number): boolean {
  const quarters = (4 * given) / ORDERS;
  return quarters < 3.7 && quarters % 1 > 0.1 && quarters % 1 < 0.7;
}

/**
 * Lets the student's `call` scan a table of so many keys. Somewhere inside a quarter of it the reply to a SCAN stands
 * still, and all is deleted but four orders, three of which it has just given. Redis then makes the table so small that
 * each of its four buckets is a quarter of the old one: the scan goes on at the start of its quarter, and gives those three
 * once more.
 *
 * @returns what the call resolved to, the keys of the orders that were there all the time, how many SCANs it sent, and
 *   whether SCAN gave some keys twice.
 * @example const { value, twice } = await scanWhileShrinking({ redis, tap: tap.redis }, { keys: 4_800, call: () => lab.report() })
 */
export async function scanWhileShrinking<T>(
  { redis, tap }: { redis: Redis; tap: Tap },
  { keys, call }: { keys: number; call: () => Promise<T> },
): Promise<{ value: T; survivors: string[]; scans: number; twice: boolean }> {
  await redis.flushdb();
  await redis.eval(plant, 0, keys);
  const all = await ordersFrom(redis, '0');
  tap.reset();
  const scans = () => tap.transcript().filter(({ kind, name }) => kind === 'request' && name === 'SCAN');
  let stall = tap.stallAt(1);
  let over = false;
  const running = call().finally(() => {
    over = true;
  });
  const ended = running.catch(() => {});
  let [next, given, seen] = ['0', 0, ''];
  for (;;) {
    await Promise.race([stall.happened, ended]);
    if (over) {
      stall.release(); // else it would meet the next call
      return { value: await running, survivors: all, scans: scans().length, twice: false };
    }
    const last = scans().at(-1)?.text ?? '';
    // The same call again gives the cursor that the held reply gives: the table is as it was.
    if (last !== seen) {
      next = await cursorAfter(redis, last);
      given = ORDERS - new Set(await ordersFrom(redis, next)).size;
      if (next !== '0' && insideQuarter(given)) break;
    }
    seen = last;
    const following = tap.stallAt(1);
    stall.release();
    stall = following;
  }
  const survivors = [...all.slice(Math.max(0, given - 3), given), all.at(-1)!];
  await redis.eval(keepOnly, 0, ...survivors);
  const until = performance.now() + SHRINK_MS;
  let shrunk = false;
  while (!shrunk && performance.now() < until) {
    const rest = await ordersFrom(redis, next);
    shrunk = survivors.slice(0, -1).every((key) => rest.includes(key));
    if (!shrunk) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  stall.release();
  const value = await running;
  const wentOn = scans().some(({ text = '' }) => text.startsWith(`${next} `) || text === next);
  return { value, survivors: shrunk ? survivors : [], scans: scans().length, twice: shrunk && wentOn };
}
