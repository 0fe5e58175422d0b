/**
 * Lab 10: the leaderboard. Fill in the six functions, then run `./lab check 10`.
 *
 * It says who earned most by selling on the market. There are three ways to know, and you write all of them:
 *
 *     from MySQL      loadLeaderboard       adds up all sales, each time: the truth
 *     refreshed       refreshLeaderboard    one worker loads, every few minutes; getLeaderboard reads what is kept
 *     live            recordEarning         each sale adds to a sorted set; getLiveLeaderboard reads it,
 *                                           rebuildLiveLeaderboard makes it anew from MySQL
 *
 * All of them give the same rows, most earned first:
 *
 *     { playerId: 4,  login: 'dara',  earned: 5000000000, rank: 1 }
 *     { playerId: 1,  login: 'ada',   earned: 600,        rank: 2 }
 *     { playerId: 2,  login: 'borin', earned: 90,         rank: 3 }
 *     { playerId: 7,  login: 'gita',  earned: 90,         rank: 3 }     equal sums share a rank, and stand by id
 *     { playerId: 10, login: 'joss',  earned: 90,         rank: 3 }     7 before 10
 *     { playerId: 5,  login: 'ewen',  earned: 1,          rank: 6 }     4 and 5 are left out
 *
 * - Who earned nothing is not on it. `sales.seller_id` earned `sales.total_price`.
 * - `earned` is a number, exact up to Number.MAX_SAFE_INTEGER.
 * - `limit` is a whole number from 1 to 1000. All else is a RangeError, before any command is sent.
 * - Names of keys begin with `leaderboard:`, also of locks and of what is being made. What follows is yours to choose.
 * - An error of Redis or MySQL is the caller's: it never looks like an empty leaderboard, like null or like a success.
 * - Who takes a connection from the pool gives it back, and who opens one ends it, also where something fails.
 */
import type { Earning, Leaderboard, LeaderboardRow, RefreshOptions } from '../src/contracts/leaderboard.ts';
import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import '../src/lab/as-command.ts'; // `npx tsx labs/10-leaderboard.ts` plays this lab

/** The first `limit` rows from MySQL. */
export async function loadLeaderboard(
  { mysql }: Pick<LabContext, 'mysql'>,
  { limit }: { limit: number },
): Promise<LeaderboardRow[]> {
  throw new Error('TODO: write loadLeaderboard in labs/10-leaderboard.ts');
}

/**
 * Loads the first `limit` rows and keeps them in Redis for `ttlMs`, in place of those before.
 *
 * Workers in several processes call it, each on its own clock. Of those that call at once one loads; the others resolve
 * to false without waiting. A call after that loads anew.
 *
 * While it loads, readers see the leaderboard before it: never none, never half of one. Where the load fails they go
 * on seeing it, the caller gets the error, and the next call may load.
 *
 * A worker may be killed while it loads: after `lockMs` at the latest another one may load. A worker may also be slow,
 * and come back after `lockMs`: then it keeps nothing, resolves to false, and leaves alone what belongs to others.
 *
 * @returns whether what this call loaded is kept.
 */
export async function refreshLeaderboard(
  { redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
  { limit, ttlMs, lockMs = 30_000 }: RefreshOptions,
): Promise<boolean> {
  throw new Error('TODO: write refreshLeaderboard in labs/10-leaderboard.ts');
}

/**
 * The first `limit` rows of what is kept, in one round trip. Null where nothing is kept, or where it was kept for fewer
 * rows than `limit`. It never asks MySQL.
 */
export async function getLeaderboard(
  { redis }: Pick<LabContext, 'redis'>,
  { limit }: { limit: number },
): Promise<LeaderboardRow[] | null> {
  throw new Error('TODO: write getLeaderboard in labs/10-leaderboard.ts');
}

/**
 * Adds a sale to the live leaderboard, in one step and one round trip. It is called once the sale is committed in
 * MySQL, perhaps more than once, perhaps by two processes at the same moment: the same `saleId` counts once.
 *
 * Refuses ids and sums that are no whole numbers from 1 on with a RangeError, before anything is written.
 */
export async function recordEarning(
  { redis }: Pick<LabContext, 'redis'>,
  { saleId, playerId, login, earned }: Earning,
): Promise<void> {
  throw new Error('TODO: write recordEarning in labs/10-leaderboard.ts');
}

/** The first `limit` rows of the live leaderboard, in two round trips at most. It never asks MySQL. */
export async function getLiveLeaderboard(
  { redis }: Pick<LabContext, 'redis'>,
  { limit }: { limit: number },
): Promise<LeaderboardRow[]> {
  throw new Error('TODO: write getLiveLeaderboard in labs/10-leaderboard.ts');
}

/**
 * Makes the live leaderboard anew from MySQL, while sales go on. Readers see the one before until the new one is whole;
 * wherever this process is killed, it is one or the other.
 *
 * No sale is lost or counted twice: not one that is told while this runs, not one that MySQL shows and that is told
 * later, and not one with a small id whose transaction commits late.
 *
 * What is remembered of single sales must not grow for ever. A sale is committed within an hour of its `sold_at`, and
 * ids grow with `sold_at`: of sales older than an hour by `now()`, the greatest id says it for all. An example: it is
 * 12:00, and MySQL shows the sales 38 and 40 of before 11:00, 42 and 45 of after. No sale up to 40 is still to come, so
 * "all up to 40" is enough for these; 42 and 45 are remembered each by itself, as 41, 43 and 44 may still be committed,
 * and count when they are told.
 *
 * What a rebuild that was killed leaves in Redis ends by itself, or goes with the next one.
 *
 * @returns how many players it holds.
 */
export async function rebuildLiveLeaderboard({
  redis,
  mysql,
  now,
}: Pick<LabContext, 'redis' | 'mysql' | 'now'>): Promise<number> {
  throw new Error('TODO: write rebuildLiveLeaderboard in labs/10-leaderboard.ts');
}

/** The story that `./lab 10` plays in the terminal, on the live servers. It changes nothing in MySQL. */
export const steps: Step<Leaderboard>[] = [
  {
    title: 'The truth',
    text: 'MySQL adds up all sales. Two players may have earned the same: which rank do they get, and who comes next?',
    async run({ lab, yours, table }) {
      table(await yours.loadLeaderboard(lab, { limit: 8 }));
    },
  },
  {
    title: 'Kept for a while',
    text: 'One refresh, then one reader. How many round trips for each, and which of them reach MySQL?',
    async run({ yours, wire }) {
      await wire((lab) => yours.refreshLeaderboard(lab, { limit: 100, ttlMs: 60_000 }));
      await wire((lab) => yours.getLeaderboard(lab, { limit: 3 }));
    },
  },
  {
    title: 'Five workers at once',
    text: 'Five workers find that it is time to refresh. How many of them load?',
    async run({ lab, yours, say }) {
      const call = () => yours.refreshLeaderboard(lab, { limit: 100, ttlMs: 60_000 });
      const answers = await Promise.all([call(), call(), call(), call(), call()]);
      say(`They answered ${answers.join(', ')}.`);
    },
  },
  {
    title: 'Live',
    text: 'The sorted set is made of what MySQL holds, and asked. Is it the same leaderboard?',
    async run({ lab, yours, say, table }) {
      const players = await yours.rebuildLiveLeaderboard(lab);
      const live = await yours.getLiveLeaderboard(lab, { limit: 8 });
      table(live);
      const truth = await yours.loadLeaderboard(lab, { limit: 8 });
      const same = JSON.stringify(live) === JSON.stringify(truth);
      say(`${players} players. ${same ? 'It is what MySQL says.' : 'MySQL says something else!'}`);
    },
  },
  {
    title: 'Told twice',
    text: 'A sale for 1,000,000 coins is told, and told again, since the first answer was lost. How much does the player earn? The rebuild at the end forgets it: MySQL never knew that sale.',
    async run({ lab, yours, wire, table }) {
      const sale = { saleId: 4_000_000_000, playerId: 3_999_999_999, login: 'story', earned: 1_000_000 };
      await wire((tapped) => yours.recordEarning(tapped, sale));
      await yours.recordEarning(lab, sale);
      const rows = await yours.getLiveLeaderboard(lab, { limit: 1000 });
      table(rows.filter(({ login }) => login === 'story'));
      await yours.rebuildLiveLeaderboard(lab);
    },
  },
];
