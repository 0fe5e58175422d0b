import type { Sentences } from '../../kit/prove/sentences.ts';

export const sentences: Sentences = [
  {
    says: 'A value that is not in Redis comes from load, and is kept as JSON under key itself.',
    checks: ['06.miss.kept'],
    broken: ['numbers-as-texts'],
  },
  {
    says: 'It lives for ttlMs, to the millisecond.',
    checks: ['06.miss.ttl'],
    broken: ['whole-seconds'],
  },
  {
    says: 'Each time to live is shortened by a random share up to jitter, default 0.1.',
    checks: ['06.jitter.spread'],
    broken: ['no-jitter', 'jitter-both-ways', 'jitter-by-default-only', 'nothing-without-jitter'],
  },
  {
    says: 'Of a load that found nothing the text null is kept, for missingTtlMs, and where that is not told for ttlMs.',
    checks: ['06.nothing.kept'],
    broken: ['missing-as-long', 'word-for-nothing', 'empty-is-missing', 'null-keeps-waiting'],
  },
  {
    says: 'Where missingTtlMs is 0 it is not kept; one load still serves who waits in the same process.',
    checks: ['06.nothing.zero'],
    broken: ['zero-is-not-told', 'zero-for-each', 'nothing-is-no-answer'],
  },
  {
    says: 'What is in Redis comes from there, in one round trip.',
    checks: ['06.hit.no-load', '06.hit.one-trip'],
    broken: ['exists-first'],
  },
  {
    says: 'A hit does not change when the value ends.',
    checks: ['06.hit.no-load'],
    broken: ['hit-renews'],
  },
  {
    says: "An empty list, 0, '' and false are values like any other.",
    checks: ['06.hit.falsy'],
    broken: ['truthy', 'if-cached'],
  },
  {
    says: 'A text that is not JSON is a miss, and is replaced.',
    checks: ['06.hit.foreign'],
    broken: ['foreign-stays', 'json-throws', 'any-text-ends-the-wait', 'not-a-number-is-nothing'],
  },
  {
    says: 'Any number of concurrent readers of one missing key, in one process or in several, cause one load.',
    checks: ['06.one.process', '06.one.processes', '06.one.long'],
    broken: ['no-second-look'],
  },
  {
    says: 'Readers of other keys do not wait for it.',
    checks: ['06.one.keys'],
    broken: ['one-lock', 'lock-in-small-letters'],
  },
  {
    says: 'A load that fails keeps nothing, and who waited for it in the same process gets its error.',
    checks: ['06.fail.shared'],
    broken: ['error-of-its-own', 'failed-promise-stays'],
  },
  {
    says: 'Of those who wait in other processes one loads next, at once.',
    checks: ['06.fail.next', '06.fail.shared'],
    broken: ['lock-stays-after-error', 'doubles-its-pauses'],
  },
  {
    says: 'A load that takes longer than waitMs, or whose process is gone, is lost: one of those who wait loads next.',
    checks: ['06.lost.taken-over', '06.lost.same-process', '06.lost.late', '06.down.lost'],
    broken: [
      'null-when-the-wait-is-over',
      'loads-when-the-wait-is-over',
      'waits-for-ever-in-its-process',
      'each-of-its-process-loads',
      'a-minute-by-default',
      'lock-in-seconds',
    ],
  },
  {
    says: 'What a lost load still brings never replaces what a later load kept.',
    checks: ['06.lost.late', '06.lost.not-mine', '06.lost.same-process'],
    broken: ['keeps-in-two-steps', 'late-ends-the-next', 'token-of-the-process'],
  },
  {
    says: 'Exactly one loads next, and the others wait for that one, whatever the lost load does when it ends.',
    checks: ['06.lost.not-mine', '06.lost.same-process'],
    broken: ['gives-back-in-two-steps', 'late-deletes-lock'],
  },
  {
    says: 'Whatever is written to Redis expires by itself, wherever the process is killed.',
    checks: ['06.crash.expires'],
    broken: ['set-then-expire', 'counts-who-waits', 'remembers-failures'],
  },
  {
    says: 'Connections that are opened are closed again.',
    checks: ['06.leaves.connections'],
    broken: ['opens-and-never-closes'],
  },
  {
    says: 'Where Redis does not answer, or refuses, the value comes from load, once for the readers of one process.',
    checks: ['06.down.loads', '06.down.meanwhile', '06.down.full', '06.down.refuses', '06.down.lost'],
    broken: [
      'only-lost-connections',
      'keeping-must-work',
      'loads-again',
      'stampede-without-redis',
      'error-of-redis-instead',
      'polls-whatever-redis-says',
    ],
  },
  {
    says: 'A load that takes longer than waitMs is lost also where Redis refuses, and the next one is shared.',
    checks: ['06.down.lost'],
    broken: ['waits-without-a-lock', 'ends-the-next-flight'],
  },
];
