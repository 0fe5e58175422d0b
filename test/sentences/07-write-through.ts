import type { Sentences } from '../../kit/prove/sentences.ts';

export const sentences: Sentences = [
  {
    says: 'A save writes name and level to the row of that player, and nothing else.',
    checks: ['07.save.row'],
    broken: ['login-too'],
  },
  {
    says: 'Once that is committed, player:profile:<id> holds the profile as JSON, and no other key changes.',
    checks: ['07.save.cache'],
    broken: ['only-deletes'],
  },
  {
    says: 'There it expires after ttlMs, to the millisecond, and so does all else that is written to Redis.',
    checks: ['07.save.ttl'],
    broken: ['keeps-ttl', 'counter-without-end'],
  },
  {
    says: 'A save resolves to the profile as committed, with its new version: one more with each write of the row.',
    checks: ['07.save.returns'],
    broken: ['version-only-if-changed'],
  },
  {
    says: 'A level that is not whole is refused before anything is written, or saved, cached and returned as MySQL rounds it.',
    checks: ['07.save.as-held'],
    broken: ['as-given', 'refuses-late', 'returns-as-given', 'rounds-itself', 'cuts-off'],
  },
  {
    says: 'MySQL refuses: its error is thrown as it came, with its code, and the cache holds what it held.',
    checks: ['07.refused.level', '07.refused.name', '07.down.mysql'],
    broken: ['error-of-its-own', 'deletes-on-error', 'commits-in-silence'],
  },
  {
    says: 'No row with this id: an Error whose name is NoSuchPlayer, and nothing is written.',
    checks: ['07.refused.missing'],
    broken: ['null-for-nobody', 'upsert'],
  },
  {
    says: 'A connection that is taken from the pool, or opened, is given back, and no lock stays, also where a call fails.',
    checks: ['07.refused.connections'],
    broken: ['loses-a-reader', 'autocommit-stays-off', 'no-rollback-for-nobody'],
  },
  {
    says: 'What MySQL refuses or has not committed is never seen in the cache, not for a moment.',
    checks: ['07.order.commit-first', '07.refused.level', '07.refused.name', '07.down.mysql'],
    broken: ['before-commit', 'undoes'],
  },
  {
    says: 'Redis does not answer, or refuses: the write counts, and nothing is thrown.',
    checks: ['07.down.away', '07.down.refuses'],
    broken: ['cache-must-work', 'only-refusals'],
  },
  {
    says: 'An older profile that is still in the cache ends by itself, after ttlMs at most.',
    checks: ['07.down.refuses', '07.crash.between', '07.read.no-renewal'],
    broken: ['renews'],
  },
  {
    says: 'Two writes at once: both count, each has a version of its own, and the cache ends with the later one.',
    checks: ['07.race.saves', '07.race.one-process', '07.race.versions'],
    broken: [
      'watch-on-shared-connection',
      'version-read-later',
      'version-of-another-connection',
      'holds-one-takes-another',
    ],
  },
  {
    says: 'A process killed at any moment leaves nothing in Redis that never expires.',
    checks: ['07.crash.expires', '07.crash.between'],
    broken: ['set-then-expire'],
  },
  {
    says: 'A save takes at most 7 round trips, MySQL and Redis together.',
    checks: ['07.save.trips'],
    broken: ['looks-around'],
  },
  {
    says: 'A profile that is in the cache comes from there, in one round trip and without a query.',
    checks: ['07.read.hit'],
    broken: ['exists-first', 'asks-for-the-version'],
  },
  {
    says: 'It expires when it would have expired.',
    checks: ['07.read.no-renewal'],
    broken: ['renews'],
  },
  {
    says: 'What is not there comes from MySQL, and is then kept for ttlMs.',
    checks: ['07.read.miss'],
    broken: ['kept-for-a-minute', 'one-read-for-all'],
  },
  {
    says: 'What stands there and is no profile counts as nothing.',
    checks: ['07.read.no-profile'],
    broken: ['any-json', 'script-trusts', 'any-object', 'readers-only-add'],
  },
  {
    says: 'A later version that is in the cache by then stays, and 10 is later than 9.',
    checks: ['07.race.fill', '07.race.saves'],
    broken: [
      'fills-blindly',
      'fills-after-a-look',
      'compares-texts',
      'clears-then-adds',
      'swaps-and-repairs',
    ],
  },
  {
    says: 'There is no such player: null, which expires where it is kept, and gives way to a profile.',
    checks: ['07.read.missing', '07.race.nobody'],
    broken: ['undefined-for-nobody', 'remembers-nobody', 'nobody-over-a-profile', 'nobody-comes-back'],
  },
  {
    says: 'Redis does not answer a read: the profile comes from MySQL.',
    checks: ['07.down.away', '07.down.reads'],
    broken: ['read-needs-redis'],
  },
  {
    says: 'MySQL does not answer: a hit is served all the same, and a miss and a save are errors.',
    checks: ['07.down.mysql'],
    broken: ['error-as-nobody', 'save-fails-in-silence', 'failed-read-stays'],
  },
];
