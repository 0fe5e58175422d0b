import type { Sentences } from '../../kit/prove/sentences.ts';

export const sentences: Sentences = [
  {
    says: 'An id is a text of 22 to 128 letters, digits, `-`, `_` or `.`, with 120 random bits or more; no two sessions have the same, in whatever process they were made.',
    checks: ['11.create.id'],
    broken: ['little-random'],
  },
  {
    says: 'Neither Redis nor MySQL ever holds an id; `id_hash` is its SHA-256, in hex; the hash out of Redis opens nothing.',
    checks: ['11.create.secret'],
    broken: ['hash-as-base64', 'list-of-ids', 'hash-logs-in'],
  },
  {
    says: 'A session is over at `expiresAt`, by `now()`, to the ms; reading does not slide.',
    checks: ['11.read.over'],
    broken: ['mysql-is-always-right'],
  },
  {
    says: '`createdAt` is now, `endsAt` is `maxMs` later, `expiresAt` is `idleMs` later or `endsAt`; the role is the one that was given.',
    checks: ['11.read.fields'],
    broken: ['no-cap'],
  },
  {
    says: "Whatever text is nobody's id: null.",
    checks: ['11.read.nobody'],
    broken: ['trims'],
  },
  {
    says: 'Where Redis has the session, reading takes one round trip and no query.',
    checks: ['11.read.one-trip'],
    broken: ['exists-first'],
  },
  {
    says: 'A use moves `expiresAt` to `idleMs` from now, in Redis and in MySQL.',
    checks: ['11.slide.moves', '11.restart.stays', '11.slide.never-back'],
    broken: ['says-what-was'],
  },
  {
    says: 'A use moves nothing beyond `endsAt`.',
    checks: ['11.slide.absolute', '11.keys.expire'],
    broken: ['no-absolute-end'],
  },
  {
    says: 'A use makes `expiresAt` no earlier than it was.',
    checks: ['11.slide.never-back'],
    broken: ['makes-shorter'],
  },
  {
    says: 'Two uses at once: the later end stays.',
    checks: ['11.once.slide', '11.slide.overtaken'],
    broken: ['slides-without-turn'],
  },
  {
    says: 'No use brings back what is over, and it gets no new id.',
    checks: ['11.slide.over'],
    broken: ['slides-what-is-over', 'rotates-what-is-over'],
  },
  {
    says: 'Not where it is ended meanwhile either.',
    checks: ['11.slide.overtaken', '11.once.log-ins', '11.once.slide'],
    broken: ['slides-after-commit'],
  },
  {
    says: 'The session goes on under a new id with the new role; `createdAt` stays, `expiresAt` slides, and the old id is over.',
    checks: ['11.rotate.new-id'],
    broken: ['a-new-log-in', 'role-in-redis-alone'],
  },
  {
    says: '`endsAt` stays.',
    checks: ['11.rotate.ends'],
    broken: ['rotates-for-ever'],
  },
  {
    says: 'Of two calls at once for one id, one gets a new id and the other null.',
    checks: ['11.once.rotate', '11.once.log-ins', '11.once.slide', '11.slide.overtaken', '11.end.rotating'],
    broken: ['no-turn-at-rotate'],
  },
  {
    says: 'Two calls at once both resolve.',
    checks: ['11.once.log-ins'],
    broken: ['one-at-a-time'],
  },
  {
    says: 'Once endSession has resolved the session is over, for every process, and others go on; no such session: nothing happens.',
    checks: ['11.end.one', '11.end.again', '11.once.log-ins'],
    broken: ['unknown-is-an-error'],
  },
  {
    says: 'Also where somebody read it from MySQL before and is only now about to keep it.',
    checks: ['11.end.reader', '11.end.reader-of-others'],
    broken: ['del-is-no-mark', 'writes-over-the-mark'],
  },
  {
    says: 'So does endAllSessions, and so is an old id over.',
    checks: ['11.end.reader-of-others'],
    broken: ['all-by-del', 'rotate-by-del'],
  },
  {
    says: 'A call that was killed is made again, and then the same holds.',
    checks: ['11.end.again', '11.slide.overtaken'],
    broken: ['marks-what-it-deleted'],
  },
  {
    says: 'endAllSessions ends all of a player and nobody else, and says how many; those that were over do not count.',
    checks: ['11.end.all'],
    broken: ['ends-everybody', 'by-prefix', 'counts-what-was-over'],
  },
  {
    says: 'Also one that gets a new id while it runs.',
    checks: ['11.end.rotating'],
    broken: ['looks-once', 'rotates-after-commit'],
  },
  {
    says: 'The list has what is not over, by `createdAt`, with the five fields and no id.',
    checks: ['11.list.alive'],
    broken: ['no-order', 'lists-what-is-over'],
  },
  {
    says: 'Rows of the same player that are over are deleted at a log-in.',
    checks: ['11.list.forgets'],
    broken: ['rows-stay', 'one-row-goes', 'one-ms-too-long'],
  },
  {
    says: 'Names of keys begin with `sid:`, and every key expires, at `endsAt` at the latest.',
    checks: ['11.keys.expire'],
    broken: ['mark-for-ever', 'kept-for-ever', 'seconds-for-ms', 'another-name'],
  },
  {
    says: 'A Redis that comes back empty logs nobody out, and the next read asks MySQL no more.',
    checks: ['11.restart.stays'],
    broken: ['never-keeps', 'ends-what-redis-has'],
  },
  {
    says: 'Redis does not answer, or refuses: an error, and no log-in.',
    checks: ['11.away.error'],
    broken: ['away-is-nobody', 'away-asks-mysql', 'commits-first', 'ends-without-redis'],
  },
  {
    says: 'So is an error of MySQL, where it is asked.',
    checks: ['11.away.mysql'],
    broken: ['mysql-away-is-nobody'],
  },
  {
    says: 'An error of MySQL is thrown, and there is no session; a connection goes back.',
    checks: ['11.errors.end'],
    broken: ['leaks-connections', 'redis-first'],
  },
];
