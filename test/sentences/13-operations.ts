import type { Sentences } from '../../kit/prove/sentences.ts';

export const sentences: Sentences = [
  {
    says: 'readStats gives run id, hits and misses as INFO tells them, as numbers.',
    checks: ['13.stats.read'],
    broken: ['hits-as-text', 'reads-as-misses'],
  },
  { says: 'It takes one round trip.', checks: ['13.stats.one-trip'], broken: ['a-section-at-a-time'] },
  {
    says: 'hitRate is the share of the reads between two readings, 0 to 1.',
    checks: ['13.rate.interval', '13.rate.reset', '13.rate.restart'],
    broken: ['in-percent'],
  },
  {
    says: 'It is null where nothing was read.',
    checks: ['13.rate.nothing'],
    broken: ['nan', 'zero-for-nothing'],
  },
  {
    says: 'After a restart, another `runId`, it is the share of the reads since.',
    checks: ['13.rate.restart'],
    broken: ['subtracts-over-a-restart'],
  },
  {
    says: 'After CONFIG RESETSTAT, the same `runId` and a smaller count, likewise.',
    checks: ['13.rate.reset'],
    broken: ['no-reset', 'reset-by-hits', 'reset-by-misses'],
  },
  {
    says: 'A domain is the key up to its first colon, with its keys, their bytes and its share of the bytes; the most bytes first.',
    checks: ['13.memory.domains', '13.memory.biggest', '13.memory.gone'],
    broken: ['last-colon', 'share-of-keys', 'most-keys-first'],
  },
  {
    says: 'Bytes are those of MEMORY USAGE with SAMPLES 0.',
    checks: ['13.memory.domains', '13.memory.biggest'],
    broken: ['samples-five'],
  },
  {
    says: 'It names the biggest keys of each domain, default 3, the largest first.',
    checks: ['13.memory.biggest'],
    broken: ['always-three'],
  },
  {
    says: 'Equal ones stand by name.',
    checks: ['13.memory.ties'],
    broken: ['domains-as-scanned', 'keys-as-scanned'],
  },
  { says: 'It does without KEYS.', checks: ['13.memory.scan'], broken: ['keys-star'] },
  {
    says: 'Of n keys it takes at most n / 250 + 5 round trips, and it sees each once.',
    checks: ['13.memory.trips'],
    broken: ['no-count', 'first-page'],
  },
  {
    says: 'A key that goes before its bytes are asked for does not count.',
    checks: ['13.memory.gone'],
    broken: ['counts-what-is-gone'],
  },
  {
    says: "An error of Redis is the caller's, also in a pipeline.",
    checks: ['13.memory.refused', '13.diagnose.refused', '13.diagnose.login'],
    broken: ['refused-is-gone', 'slow-log-if-allowed', 'refused-is-away'],
  },
  {
    says: '`[]` is healthy: few reads, half of the reads, no bound.',
    checks: ['13.diagnose.healthy'],
    broken: ['few-reads', 'half-is-low', 'no-bound-is-full'],
  },
  {
    says: 'full: Redis refused commands for want of memory, under whatever policy.',
    checks: ['13.diagnose.full', '13.diagnose.room', '13.diagnose.several'],
    broken: ['full-under-noeviction', 'used-is-full', 'bound-as-text', 'full-at-the-bound'],
  },
  {
    says: 'evicting: evicted_keys is above 0, under whatever policy.',
    checks: ['13.diagnose.evicting', '13.diagnose.several', '13.diagnose.room'],
    broken: ['evicting-under-lru', 'expired-is-evicted'],
  },
  {
    says: 'low-hit-rate: fewer than half of at least 100 reads, before any look at a key.',
    checks: ['13.diagnose.hit-rate', '13.diagnose.healthy'],
    broken: ['looks-first', 'more-than-a-hundred'],
  },
  {
    says: 'slow-command: the slowest of the slow log, of `slowMs` or longer.',
    checks: ['13.diagnose.slow', '13.diagnose.slow-far'],
    broken: ['micros-as-millis', 'as-typed', 'ten-entries'],
  },
  {
    says: 'big-key: the biggest key, of `bigKeyBytes` or more.',
    checks: ['13.diagnose.big-key'],
    broken: ['first-big-key', 'bigger-than'],
  },
  {
    says: 'All that is wrong is named, in that order.',
    checks: ['13.diagnose.several'],
    broken: ['the-first-trouble', 'another-order'],
  },
  {
    says: 'unreachable: nothing answers, or it stops to answer meanwhile; nothing else is told.',
    checks: ['13.diagnose.away', '13.diagnose.cut'],
    broken: ['away-is-an-error', 'away-without-a-word', 'half-a-look'],
  },
  {
    says: 'no-password and wrong-password are told apart, with what Redis says.',
    checks: ['13.diagnose.password'],
    broken: ['keeps-the-password', 'one-for-both'],
  },
  {
    says: 'It opens a connection of its own with `login`.',
    checks: ['13.diagnose.login'],
    broken: ['no-login'],
  },
  {
    says: 'It ends its connection, whatever happens.',
    checks: ['13.diagnose.ends'],
    broken: ['ends-it-if-all-goes-well'],
  },
  {
    says: 'checkDeployment has eleven lines; what no Redis can tell is cannot-tell; `change` is empty where a line passed.',
    checks: ['13.deploy.lines'],
    broken: ['guesses', 'always-a-change'],
  },
  {
    says: 'Line 1 compares versions number by number.',
    checks: ['13.deploy.version'],
    broken: ['versions-as-text', 'versions-as-decimals'],
  },
  { says: 'Line 2 failed where maxmemory is 0.', checks: ['13.deploy.memory'], broken: ['any-bound'] },
  {
    says: 'Line 3 failed where a connection without a login is answered.',
    checks: ['13.deploy.password'],
    broken: ['requirepass', 'password-by-its-own'],
  },
  {
    says: 'Line 7 failed where nothing is logged, or nothing kept, and names the setting.',
    checks: ['13.deploy.monitoring'],
    broken: ['any-slow-log', 'any-length'],
  },
  {
    says: 'Line 8 failed without persistence; with it, it is cannot-tell.',
    checks: ['13.deploy.backup'],
    broken: ['snapshots-alone', 'appends-alone', 'a-file-is-a-backup'],
  },
  {
    says: 'Line 11 is cannot-tell before its time or where nothing was read, else above 70 %.',
    checks: ['13.deploy.hit-rate'],
    broken: ['at-once', 'seventy-will-do', 'nothing-is-low'],
  },
];
