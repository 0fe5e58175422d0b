/**
 * Lab 07: writing through the cache. Fill in the two functions, then run `./lab check 07`.
 *
 * A player's profile stands in MySQL, in a row of `players`:
 *
 *     id 7   display_name 'Gita'   level 9   version 1        (and columns that are none of your business)
 *
 * and in Redis, as a text under `player:profile:7`:
 *
 *     {"playerId":7,"displayName":"Gita","level":9,"version":1}
 *
 * MySQL decides. A level is from 1 to 100 (a CHECK), and no two players have one name (UNIQUE). What it refuses must
 * never be seen in the cache, not for a moment. `version` grows by one with each write of the row, also where name and
 * level stay as they are, so that of two profiles everybody can tell which is the later: 10 is later than 9.
 *
 * Levels are whole numbers, and MySQL rounds what is not: 41.75 is stored as 42, without an error. You choose: refuse such
 * a level with an Error before anything is written, or let MySQL round it. Then 42 is what you return and cache.
 *
 * Other processes run your functions at the same moment.
 */
import type { RowDataPacket } from 'mysql2';
import type { Profile, WriteThrough } from '../src/contracts/write-through.ts';
import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import '../src/lab/as-command.ts'; // `npx tsx labs/07-write-through.ts` plays this lab

/**
 * Writes a profile to MySQL and, once that is committed, to `player:profile:<id>`, where it expires after `ttlMs`: with
 * 1700 after 1700 ms, not after 1 s or 2. Resolves to the profile as committed, with its new version.
 *
 * - MySQL refuses: its error is thrown as it came (`code`: ER_DUP_ENTRY, ...), and the cache holds what it held. No row
 *   with this id: an Error whose `name` is 'NoSuchPlayer'.
 * - Redis does not answer, or refuses: the write counts, and nothing is thrown. An older profile that is still in the
 *   cache must end by itself, after `ttlMs` at most.
 * - Two writes at once: both count, each has a version of its own, and the cache ends with the later one.
 * - A process killed at any moment leaves nothing in Redis that MySQL does not hold, and nothing that never expires.
 * - A connection that you take from the pool or open goes back, with no transaction and no lock left on it, also where
 *   you throw: the pool has ten, and the eleventh name that is taken is refused like the first.
 *
 * At most 7 round trips, MySQL and Redis together. It can be 2.
 */
export async function saveProfile(
  { redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
  { playerId, displayName, level }: Omit<Profile, 'version'>,
  { ttlMs }: { ttlMs: number },
): Promise<Profile> {
  throw new Error('TODO: write saveProfile in labs/07-write-through.ts');
}

/**
 * The profile of a player, or null where there is no such player.
 *
 * - It is in the cache: one round trip, no query, and it expires when it would have expired.
 * - It is not, or what stands there is no profile (`OK`, `[]`, `{}`, `7`): from MySQL, and then kept for `ttlMs`. But while you
 *   were reading, somebody may have written: a later version that is in the cache by then must stay.
 * - There is no such player: null. If you keep that, in Redis or in your process, it expires too, after `ttlMs` at most.
 *   It gives way to a profile: once player 12 was made and saved, by whatever process, a read finds the profile, also
 *   where an earlier read of player 12 is only now about to keep that there was nobody.
 * - Redis does not answer: from MySQL. MySQL does not: its error, where the profile is not in the cache.
 */
export async function getProfile(
  { redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
  playerId: number,
  { ttlMs }: { ttlMs: number },
): Promise<Profile | null> {
  throw new Error('TODO: write getProfile in labs/07-write-through.ts');
}

/** The player of the story: the game has no such id. */
const ID = 900_000_007;
const KEY = `player:profile:${ID}`;
const zoe = { playerId: ID, displayName: 'Zoë of the story', level: 9 };

/** Runs with the player of the story in MySQL and nothing in the cache, and takes both away again. */
async function withPlayer({ redis, mysql }: LabContext, story: () => Promise<void>): Promise<void> {
  const forget = async () => {
    await mysql.query('DELETE FROM players WHERE id = ?', [ID]);
    for (const key of await redis.keys(`${KEY}*`)) await redis.del(key);
  };
  await forget();
  await mysql.query(
    "INSERT INTO players (id, login, display_name, level, password_hash) VALUES (?, ?, ?, ?, 'none')",
    [ID, `story${ID}`, zoe.displayName, zoe.level],
  );
  try {
    await story();
  } finally {
    await forget();
  }
}

/** What stands in both, as two rows of a table. */
async function both({ redis, mysql }: LabContext): Promise<object[]> {
  const [[row]] = await mysql.query<RowDataPacket[]>(
    'SELECT display_name AS displayName, level, version FROM players WHERE id = ?',
    [ID],
  );
  const text = await redis.get(KEY);
  const { displayName, level, version } = text ? JSON.parse(text) : ({} as Partial<Profile>);
  return [
    { where: 'MySQL', ...row, 'seconds to live': '' },
    {
      where: 'cache',
      displayName,
      level,
      version,
      'seconds to live': Math.round((await redis.pttl(KEY)) / 1000),
    },
  ];
}

/** A stub says so; any other error is what the step is about. */
const orTodo = (error: Error): string => {
  if (error.message.startsWith('TODO')) throw error;
  return `${error.name}${'code' in error ? ` ${error.code}` : ''}: ${error.message}`;
};

/** The story that `./lab 07` plays in the terminal, on the live servers. */
export const steps: Step<WriteThrough>[] = [
  {
    title: 'A save and two reads, on the wire',
    text: 'Zoë reaches level 10. How many round trips does the save take? And of the two reads after it, which one asks MySQL?',
    run: ({ lab, yours, wire, table }) =>
      withPlayer(lab, async () => {
        await wire((tapped) => yours.saveProfile(tapped, { ...zoe, level: 10 }, { ttlMs: 60_000 }));
        await wire((tapped) => yours.getProfile(tapped, ID, { ttlMs: 60_000 }));
        await wire((tapped) => yours.getProfile(tapped, ID, { ttlMs: 60_000 }));
        table(await both(lab));
      }),
  },
  {
    title: 'What MySQL refuses',
    text: 'Level 101, and the name of another player. What does the caller hear, and what is in the cache afterwards?',
    run: ({ lab, yours, say, table }) =>
      withPlayer(lab, async () => {
        await yours.saveProfile(lab, zoe, { ttlMs: 60_000 });
        const [[ada]] = await lab.mysql.query<RowDataPacket[]>(
          'SELECT display_name FROM players WHERE id = 1',
        );
        for (const change of [
          { level: 101 },
          { displayName: String(ada?.display_name) },
          { playerId: ID + 1 },
        ]) {
          const said = await yours
            .saveProfile(lab, { ...zoe, ...change }, { ttlMs: 60_000 })
            .then(() => 'saved', orTodo);
          say(`${JSON.stringify(change)}: ${said}`);
        }
        table(await both(lab));
      }),
  },
  {
    title: 'The listing of the document, in two processes',
    text: 'Process A commits level 10. Before it reaches the cache, process B commits level 11 and writes it there. Then A goes on, as the document has it: cache.set(key, data). What does a reader see, and for how long?',
    run: ({ lab, yours, say, table }) =>
      withPlayer(lab, async () => {
        const { redis, mysql } = lab;
        const commit = (level: number) =>
          mysql.query('UPDATE players SET level = ?, version = version + 1 WHERE id = ?', [level, ID]);
        const set = (level: number, version: number) =>
          redis.set(KEY, JSON.stringify({ ...zoe, level, version }), 'PX', 60_000);
        await commit(10); // A
        await commit(11); // B
        await set(11, 3); // B
        await set(10, 2); // A
        table(await both(lab));
        say('And yours, with twenty saves at once:');
        const levels = Array.from({ length: 20 }, (_, i) => i + 20);
        await Promise.all(
          levels.map((level) => yours.saveProfile(lab, { ...zoe, level }, { ttlMs: 60_000 })),
        );
        table(await both(lab));
      }),
  },
  {
    title: 'Redis is away',
    text: 'The save is handed a Redis that nobody answers at. Does it fail? What is in MySQL, what in the cache, and when does a reader see the new level at the latest?',
    run: ({ lab, yours, say, table }) =>
      withPlayer(lab, async () => {
        await yours.saveProfile(lab, zoe, { ttlMs: 60_000 });
        const nobody = lab.redis.duplicate({ path: '/nobody/answers/here', lazyConnect: true });
        nobody.on('error', () => {});
        try {
          const change = { ...zoe, level: 10 };
          const said = await yours
            .saveProfile({ ...lab, redis: nobody }, change, { ttlMs: 60_000 })
            .then((profile) => `saved: ${JSON.stringify(profile)}`, orTodo);
          say(said);
          table(await both(lab));
        } finally {
          nobody.disconnect();
        }
      }),
  },
];
