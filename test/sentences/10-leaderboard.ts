import type { Sentences } from '../../kit/prove/sentences.ts';

export const sentences: Sentences = [
  {
    says: '`sales.seller_id` earned `sales.total_price`; who earned nothing is not on it; the most earned first, at most `limit` rows.',
    checks: ['10.load.sums', '10.rebuild.exact'],
    broken: ['buyers-earn', 'shows-zero', 'no-limit'],
  },
  {
    says: 'Equal sums share a rank, and stand by id, 7 before 10.',
    checks: ['10.load.ties', '10.live.ties'],
    broken: ['dense-rank', 'row-number', 'ties-as-text', 'zrevrange'],
  },
  {
    says: '`earned` is a number, exact up to Number.MAX_SAFE_INTEGER.',
    checks: ['10.load.exact', '10.live.exact'],
    broken: ['float-sum', 'tostring'],
  },
  {
    says: '`limit` is a whole number from 1 to 1000; all else is a RangeError, before any command.',
    checks: ['10.limit.refused'],
    broken: ['any-limit', 'limit-as-text', 'plain-error', 'at-most-a-hundred'],
  },
  {
    says: 'Names of keys begin with `leaderboard:`.',
    checks: ['10.keys.names'],
    broken: ['a-lock-of-its-own-name'],
  },
  {
    says: "An error is the caller's.",
    checks: ['10.errors.told', '10.errors.end', '10.refresh.fails'],
    broken: ['error-is-null', 'hides-errors'],
  },
  {
    says: 'Who takes a connection gives it back, also where something fails.',
    checks: ['10.errors.end'],
    broken: ['keeps-its-connection'],
  },
  {
    says: 'refreshLeaderboard keeps it for `ttlMs`.',
    checks: ['10.refresh.ttl'],
    broken: ['seconds', 'whole-seconds', 'no-end'],
  },
  {
    says: 'Of those that call at once one loads; the others resolve to false.',
    checks: ['10.refresh.one-process', '10.refresh.processes'],
    broken: ['looks-then-locks-in-turns', 'all-say-true'],
  },
  { says: 'A call after that loads anew.', checks: ['10.refresh.again'], broken: ['only-if-missing'] },
  {
    says: 'While it loads, readers see the leaderboard before it.',
    checks: ['10.refresh.before', '10.refresh.whole'],
    broken: ['readers-wait'],
  },
  {
    says: 'Where the load fails they go on seeing it, and the next call may load.',
    checks: ['10.refresh.fails'],
    broken: ['empties-on-error'],
  },
  {
    says: 'After `lockMs` at the latest another one may load.',
    checks: ['10.refresh.killed', '10.refresh.whole'],
    broken: ['lock-rounded-up', 'lock-of-a-minute'],
  },
  {
    says: 'A worker that comes back after `lockMs` keeps nothing, resolves to false, and leaves alone what belongs to others.',
    checks: ['10.refresh.late'],
    broken: ['late-overwrites', 'late-says-true', 'looks-whose-lock-then-deletes'],
  },
  {
    says: 'getLeaderboard: one round trip, null where nothing is kept or for fewer rows; never MySQL.',
    checks: ['10.get.kept', '10.get.limits', '10.get.nobody'],
    broken: ['short-as-whole', 'exists-first', 'empty-is-nothing'],
  },
  {
    says: 'recordEarning adds a sale; getLiveLeaderboard gives ranks and logins.',
    checks: ['10.live.sums'],
    broken: ['no-login'],
  },
  {
    says: 'The same `saleId` counts once, also by two processes at once and after a crash.',
    checks: ['10.live.once', '10.live.crash'],
    broken: ['counts-and-remembers-in-a-pipeline', 'remembers-for-each-process'],
  },
  { says: 'One round trip to record, two to read.', checks: ['10.live.trips'], broken: ['login-each'] },
  {
    says: 'Ids and sums that are no whole numbers from 1 on are a RangeError, before anything is written.',
    checks: ['10.live.values'],
    broken: ['zero-coins', 'any-sale'],
  },
  {
    says: 'A rebuild makes it anew from MySQL, and says how many players it holds.',
    checks: ['10.rebuild.exact', '10.rebuild.agrees'],
    broken: ['counts-sales', 'keeps-what-was-told'],
  },
  {
    says: 'No sale is lost or counted twice: told meanwhile, told later, or with a small id that commits late.',
    checks: ['10.rebuild.counted', '10.rebuild.meanwhile'],
    broken: ['half-an-hour', 'up-to-the-greatest', 'looks-at-what-was-told-then-swaps'],
  },
  {
    says: 'Wherever it is killed, readers see one or the other, and what it leaves ends.',
    checks: ['10.rebuild.swap'],
    broken: ['leaves-scraps', 'deletes-first'],
  },
  {
    says: 'What is remembered of single sales must not grow for ever.',
    checks: ['10.rebuild.forgets'],
    broken: ['remembers-for-ever', 'remembers-what-was-recent'],
  },
];
