import type { Sentences } from '../../kit/prove/sentences.ts';

export const sentences: Sentences = [
  {
    says: 'acceptChange() resolves once Redis holds the change, before MySQL knows of it; getPending() counts it at once.',
    checks: ['08.accept.now', '08.accept.one-trip'],
    broken: ['asks-for-mysql'],
  },
  {
    says: 'acceptChange() and getPending() take one round trip each.',
    checks: ['08.accept.one-trip'],
    broken: ['pending-by-walking'],
  },
  {
    says: 'Where Redis does not take a change (it is full, it is away), its error is thrown.',
    checks: ['08.accept.full'],
    broken: ['deaf-pipeline', 'resolves-when-away'],
  },
  {
    says: 'The same changeId again changes nothing, whatever else it says.',
    checks: ['08.accept.same-id'],
    broken: ['last-one-wins'],
  },
  {
    says: 'The id is known while its change waits, and for a day at least after it was written or refused.',
    checks: ['08.accept.remembered'],
    broken: ['known-for-two-days', 'a-day-from-the-first', 'for-an-hour'],
  },
  {
    says: 'The id counts once also where this process was killed in the middle of the first attempt.',
    checks: ['08.accept.cut', '08.accept.one-trip'],
    broken: ['sum-afterwards'],
  },
  {
    says: 'What is no change is a TypeError, and nothing is sent.',
    checks: ['08.accept.no-change'],
    broken: ['plain-error', 'larger-ids', 'letters-of-any-kind'],
  },
  {
    says: 'Ids are 1 to 100 visible ASCII characters: those that differ in one are two.',
    checks: ['08.accept.two-ids', '08.flush.forgotten'],
    broken: ['ids-in-lower-case'],
  },
  {
    says: 'getPending() is the sum of one player and resource, 0 where there is nothing.',
    checks: ['08.accept.sums'],
    broken: ['no-separator'],
  },
  {
    says: 'flushChanges() writes to MySQL what was accepted until now: inventories, and applied_writes with each changeId.',
    checks: [
      '08.flush.writes',
      '08.flush.size',
      '08.flush.cut-mysql',
      '08.flush.cut-redis',
      '08.flush.forgotten',
      '08.flush.two',
      '08.refused.cut',
    ],
    broken: ['no-applied-writes'],
  },
  {
    says: 'A batch is one transaction of at most `batch` changes.',
    checks: ['08.flush.size', '08.run.often'],
    broken: ['one-more-than-batch', 'one-transaction'],
  },
  {
    says: 'A batch takes at most 20 round trips however large it is.',
    checks: ['08.flush.batch'],
    broken: ['unpacks-a-batch', 'one-by-one'],
  },
  {
    says: 'Changes of one player and resource are applied in the order in which they were accepted.',
    checks: ['08.flush.order', '08.refused.told', '08.refused.turn', '08.refused.other'],
    broken: ['order-within-batch'],
  },
  {
    says: 'With nothing to write, MySQL is not asked.',
    checks: ['08.flush.idle'],
    broken: ['asks-mysql-first'],
  },
  {
    says: 'Each change is applied once in effect, wherever this process is killed.',
    checks: ['08.flush.cut-redis', '08.flush.batch'],
    broken: ['acknowledges-in-parts'],
  },
  {
    says: 'Each change is applied once in effect, wherever the connection to MySQL breaks.',
    checks: ['08.flush.cut-mysql'],
    broken: ['acknowledges-before-commit'],
  },
  {
    says: 'Each change is applied once in effect, however many processes flush at once.',
    checks: ['08.flush.two'],
    broken: ['trims-by-count', 'acknowledges-unasked'],
  },
  {
    says: 'What is accepted during a flush is not lost.',
    checks: ['08.flush.meanwhile'],
    broken: ['resets-the-sum'],
  },
  {
    says: 'MySQL knows what it has applied, also where Redis does not.',
    checks: [
      '08.flush.forgotten',
      '08.flush.cut-mysql',
      '08.flush.cut-redis',
      '08.flush.two',
      '08.refused.cut',
    ],
    broken: ['known-in-any-case', 'no-look'],
  },
  {
    says: 'A call that fails gives its connection back to the pool, with no transaction open.',
    checks: ['08.flush.errors', '08.refused.other'],
    broken: ['keeps-the-connection-of-a-time-out', 'connection-for-each-error', 'no-rollback'],
  },
  {
    says: 'A change that MySQL refuses for good is told, with a reason, is not pending, is not counted, and those behind it go on.',
    checks: ['08.refused.told', '08.refused.cut'],
    broken: ['counts-refused'],
  },
  {
    says: 'A change is refused where at its turn it would leave less than 0 or more than fits.',
    checks: ['08.refused.turn'],
    broken: ['not-to-the-brim'],
  },
  {
    says: 'A change is refused where there is no such player or resource.',
    checks: ['08.refused.other', '08.refused.turn'],
    broken: ['own-rule-alone'],
  },
  {
    says: 'A refused change stays refused, and is told once.',
    checks: ['08.refused.cut'],
    broken: ['refusals-in-redis', 'judged-again'],
  },
  {
    says: 'An error of MySQL that says nothing of the data is no refusal, and nothing is lost.',
    checks: ['08.flush.errors'],
    broken: ['any-answer-is-final'],
  },
  {
    says: 'That MySQL is away is thrown, and everything waits.',
    checks: ['08.flush.down'],
    broken: ['swallows-mysql'],
  },
  {
    says: 'runFlusher() flushes until stopped() resolves, waits for the flush under way, and closes what it opened.',
    checks: ['08.run.flushes', '08.run.often', '08.run.outage'],
    broken: ['closes-nothing', 'in-the-middle'],
  },
  {
    says: 'A flush that fails is not the last one, be it that MySQL is away or Redis.',
    checks: ['08.run.outage'],
    broken: ['ends-when-redis-is-away', 'ends-at-an-error'],
  },
  {
    says: 'A process with a flusher that is stopped or killed does not stop the others.',
    checks: ['08.run.killed'],
    broken: ['ends-the-schedule', 'lock-without-an-end', 'one-leader-for-ever'],
  },
  {
    says: 'runFlusher() flushes every everyMs, in batches of at most `batch`, and does not wait for the next flush when it is stopped.',
    checks: ['08.run.often'],
    broken: ['own-batch', 'once-a-second'],
  },
  {
    says: 'Where Redis may evict keys it throws RedisMayForget, and begins nothing.',
    checks: ['08.run.evicting'],
    broken: ['begins-before-it-looks', 'allkeys-only'],
  },
];
