import type { Sentences } from '../../kit/prove/sentences.ts';

export const sentences: Sentences = [
  {
    says: 'readGeneration() takes one round trip, also for many tags and for tags that nobody ever used.',
    checks: ['09.generation.trip'],
    broken: ['generation-one-by-one', 'generation-looks-first'],
  },
  {
    says: 'All who ask get the same text, until one of the tags is invalidated: a load may take half a minute.',
    checks: ['09.generation.same'],
    broken: ['fresh-after-a-while'],
  },
  {
    says: 'No generation ever comes back, not even after Redis lost everything or evicted one of your keys.',
    checks: ['09.race.lost'],
    broken: ['counts-in-an-epoch', 'unknown-is-unchanged'],
  },
  {
    says: 'keepTagged() keeps a value as JSON under its key, and resolves to true.',
    checks: ['09.keep.kept'],
    broken: ['truthy-only'],
  },
  {
    says: 'It keeps it for ttlMs milliseconds.',
    checks: ['09.keep.ttl'],
    broken: ['whole-seconds'],
  },
  {
    says: 'Where one of the tags was invalidated since, nothing is kept and it resolves to false.',
    checks: ['09.race.stale', '09.race.several', '09.race.sale', '09.race.processes'],
    broken: ['only-the-first-tag', 'all-tags-at-once'],
  },
  {
    says: 'Where it is refused nothing that is there changes: not even a tag is noted.',
    checks: ['09.race.several'],
    broken: ['notes-before-it-looks'],
  },
  {
    says: 'Only an invalidation of one of its tags makes a generation worthless.',
    checks: ['09.race.others', '09.generation.same'],
    broken: ['one-generation'],
  },
  {
    says: 'The look and the write are one step, whatever another process does meanwhile.',
    checks: ['09.race.keeping'],
    broken: ['keeps-in-a-multi', 'watch-on-shared-connection'],
  },
  {
    says: 'Each key of your own has a time to live.',
    checks: ['09.tags.expire'],
    broken: ['generations-stay', 'members-stay'],
  },
  {
    says: 'No note ends before the longest value under its tag.',
    checks: ['09.tags.longest'],
    broken: ['an-hour-for-all', 'as-long-as-the-last', 'as-long-as-the-first'],
  },
  {
    says: 'A tag that is in use for years does not remember the values that have expired.',
    checks: ['09.tags.bounded'],
    broken: ['keeps-the-first-end', 'plain-set'],
  },
  {
    says: 'invalidateTags() deletes whatever is kept under one of these tags, and nothing else.',
    checks: ['09.tags.exact'],
    broken: ['notes-under-the-tag', 'names-that-clash', 'tags-in-lower-case', 'takes-its-name-along'],
  },
  {
    says: 'It deletes in one step: no reader sees half of it.',
    checks: ['09.tags.whole', '09.tags.told', '09.sale.told', '09.listen.processes'],
    broken: ['tag-by-tag', 'sale-in-parts'],
  },
  {
    says: 'What is kept at the same moment is deleted or refused.',
    checks: ['09.race.invalidating'],
    broken: ['invalidates-in-a-pipeline', 'begins-the-generation-last'],
  },
  {
    says: 'It resolves to how many values were really there to delete.',
    checks: ['09.tags.count'],
    broken: ['counts-names'],
  },
  {
    says: 'Where there is nothing to delete, that is 0 and no error; for no tags it does nothing at all.',
    checks: ['09.tags.nothing'],
    broken: ['no-tags-are-told'],
  },
  {
    says: 'What it costs depends on what is deleted, not on the size of the database: no KEYS, no SCAN.',
    checks: ['09.tags.cost'],
    broken: ['keys-by-name'],
  },
  {
    says: 'Nine thousand values of one tag are deleted as one is.',
    checks: ['09.tags.many'],
    broken: ['unpacks-all'],
  },
  {
    says: 'In the same step it publishes the tags as a JSON list, also where nothing was deleted.',
    checks: ['09.tags.told'],
    broken: ['tells-apart', 'tells-only-deletions'],
  },
  {
    says: 'invalidateSale() invalidates the listings of the resource and of all, both inventories and the leaderboard, with one message.',
    checks: ['09.sale.exact', '09.sale.told', '09.race.sale', '09.tags.whole', '09.listen.processes'],
    broken: ['forgets-the-leaderboard', 'forgets-the-list-of-all'],
  },
  {
    says: 'listen() tells of each message on market:invalidated, whoever sent it.',
    checks: ['09.listen.processes', '09.listen.client'],
    broken: ['not-its-own'],
  },
  {
    says: 'What is no JSON list of strings is ignored.',
    checks: ['09.listen.foreign'],
    broken: ['any-list'],
  },
  {
    says: "It tells of each key of this client's database that reached its end.",
    checks: ['09.listen.expired'],
    broken: ['every-event-of-keys', 'every-database', 'expired-as-tags'],
  },
  {
    says: 'It tells that the connection was lost and is back.',
    checks: ['09.listen.missed'],
    broken: ['misses-once', 'misses-too-early', 'gives-up', 'never-misses', 'back-with-one-ear'],
  },
  {
    says: 'during() is called once, as soon as nothing can be missed.',
    checks: ['09.listen.begins', '09.listen.missed'],
    broken: ['begins-twice', 'begins-again-when-back'],
  },
  {
    says: 'When during() settles the listening is over, no subscription and no connection stays, and what it throws is thrown.',
    checks: ['09.listen.ends'],
    broken: ['hides-the-error', 'ends-only-when-well'],
  },
  {
    says: 'It tells one event after the other, and an error of onEvent ends nothing.',
    checks: ['09.listen.failing'],
    broken: ['all-at-once', 'failure-ends'],
  },
  {
    says: 'The client that you are given takes commands all the while.',
    checks: ['09.listen.client'],
    broken: ['shared-subscriber'],
  },
];
