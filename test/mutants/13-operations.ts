import type { Equivalent } from '../../kit/prove/mutants/equivalents.ts';

const lines = "const lines = (await redis.info()).split(/\\r?\\n/).filter((line) => line.includes(':'));";
const replies = 'const replies = keys.length > 0 ? ((await sizes.exec()) ?? []) : [];';
const own =
  'const own = redis.duplicate({ ...login, lazyConnect: true, enableReadyCheck: false, retryStrategy: () => null });';
const slowest =
  "const slowest = slow.reduce((most, entry) => (entry[2] > most[2] ? entry : most), [0, 0, -1, ['']]);";
const said = 'What the client said is either of two texts, and both are.';
const unread = 'Where the slow log is empty nothing is slow, and the entry in its place is not read.';
const blank = 'A line without a colon has a name that nobody asks for.';
const empty = 'An empty pipeline answers with an empty list.';

export const equivalents: readonly Equivalent[] = [
  {
    source: lines,
    from: "(await redis.info()).split(/\\r?\\n/).filter((line) => line.includes(':'))",
    to: '(await redis.info()).split(/\\r?\\n/)',
    why: blank,
  },
  { source: lines, from: "':'", to: '""', why: blank },
  { source: lines, from: '/\\r?\\n/', to: '/\\r\\n/', why: 'Redis ends each line of INFO with both.' },
  { source: replies, from: 'keys.length > 0', to: 'true', why: empty },
  { source: replies, from: 'keys.length > 0', to: 'keys.length >= 0', why: empty },
  {
    source: 'const byName = (a: string, b: string) => (a < b ? -1 : 1);',
    from: 'a < b',
    to: 'a <= b',
    why: 'No two names are equal.',
  },
  { source: own, from: 'true', to: 'false', why: 'It connects at once, or with the first command.' },
  {
    source: own,
    from: '() => null',
    to: '() => undefined',
    why: 'ioredis gives up where it is told no number.',
  },
  { source: "let last = '';", from: "''", to: '"Stryker was here!"', why: said },
  { source: 'return await work(own, () => last);', from: '() => last', to: '() => undefined', why: said },
  { source: slowest, from: '-1', to: '+1', why: 'No command takes a µs or less and is slow.' },
  { source: slowest, from: "['']", to: '[]', why: unread },
  { source: slowest, from: "''", to: '"Stryker was here!"', why: unread },
  {
    source: slowest,
    from: 'entry[2] > most[2]',
    to: 'entry[2] >= most[2]',
    why: 'Of two that took equally long, either is the slowest.',
  },
  {
    source:
      'for await (const one of keysOf(redis)) if (!biggest || largestFirst(one, biggest) < 0) biggest = one;',
    from: 'largestFirst(one, biggest) < 0',
    to: 'largestFirst(one, biggest) <= 0',
    why: 'No two keys are equal.',
  },
  {
    source: 'for (let i = 0; i < flat.length; i += 2) config.set(flat[i]!, flat[i + 1]!);',
    from: 'i < flat.length',
    to: 'i <= flat.length',
    why: 'The setting without a name is not read.',
  },
  {
    source: "const aged = Number(info.get('uptime_in_seconds')) >= afterDays * 86_400;",
    from: "Number(info.get('uptime_in_seconds')) >= afterDays * 86_400",
    to: "Number(info.get('uptime_in_seconds')) > afterDays * 86_400",
    why: 'A second more or less in seven days.',
  },
  {
    source:
      'for (const [i, least] of want.entries()) if ((have[i] ?? 0) !== least) return (have[i] ?? 0) > least;',
    from: '(have[i] ?? 0) > least',
    to: '(have[i] ?? 0) >= least',
    why: 'They are not equal here.',
  },
  {
    source: "demand(true, ''),",
    from: "''",
    to: '"Stryker was here!"',
    why: 'What to change is left out where a line passed.',
  },
];
