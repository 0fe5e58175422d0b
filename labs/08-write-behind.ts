/**
 * Lab 08: write-behind. Fill in the five functions, then run `./lab check 08`.
 *
 * A player crafts, loots, spends: each is a change of an inventory. The player is told "done" as soon as Redis holds the
 * change; MySQL hears of it later, in batches. What was acknowledged must arrive, once, whatever is killed in between.
 *
 *     { changeId: 'craft-81', playerId: 7, resourceId: 2, delta: -2 }
 *
 * How you keep it in Redis is yours to choose. In MySQL these tables are there:
 *
 *     inventories      player_id, resource_id (together the primary key), quantity: INT UNSIGNED, so never less than 0;
 *                      a foreign key each to players and resources
 *     applied_writes   write_id (the primary key, of 100 characters), applied_at
 *     outbox           id (AUTO_INCREMENT), topic, payload (text), created_at, delivered_at
 *     markers          name (the primary key), value: one row for each thing that is to be remembered, or locked
 *
 * BullMQ's part is to wake the flush again and again (`runFlusher`). The queue itself you write by hand: a job of
 * BullMQ's is delivered at least once and alone, and this queue has batches and an order.
 */
import type {
  FlusherOptions,
  FlushOptions,
  InventoryChange,
  RefusedChange,
  WriteBehind,
} from '../src/contracts/write-behind.ts';
import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';
import '../src/lab/as-command.ts'; // `npx tsx labs/08-write-behind.ts` plays this lab

/**
 * Takes a change: resolves once Redis holds it, in one round trip, before MySQL knows of it. `getPending` counts it at
 * once. Where Redis does not take it (it is full, it is away), its error is thrown: never acknowledge what is not kept.
 *
 * A client that heard no answer sends the same `changeId` again. Then nothing changes, whatever else it says, and it
 * resolves: while the change waits, however long; for a day at least after it was written or refused; and also where
 * this process was killed in the middle of the first attempt. One that waited for 20 hours and then was written is still
 * known 23 hours later: the day begins when Redis hears of it, not with the first attempt.
 *
 * What is no change is a TypeError, and nothing is sent: `changeId` is 1 to 100 visible ASCII characters without a
 * space; `playerId` and `resourceId` are whole numbers from 1 on; `delta` is a whole number, not 0; none of the three
 * is beyond 4,294,967,295 either way.
 */
export async function acceptChange(
  { redis, now }: Pick<LabContext, 'redis' | 'now'>,
  change: InventoryChange,
): Promise<void> {
  throw new Error('TODO: write acceptChange in labs/08-write-behind.ts');
}

/**
 * The sum of the deltas of one player and resource that are accepted and neither in MySQL nor refused, in one round
 * trip: 0 where there is nothing. Between MySQL's COMMIT and the word of it in Redis a change may still be counted.
 */
export async function getPending(
  { redis }: Pick<LabContext, 'redis'>,
  playerId: number,
  resourceId: number,
): Promise<number> {
  throw new Error('TODO: write getPending in labs/08-write-behind.ts');
}

/**
 * Writes to MySQL what was accepted until now, and resolves to how many changes this call applied: `inventories`, and
 * `applied_writes` with each `changeId`, in one transaction a batch. A batch takes at most `batch` changes, and at most
 * 20 round trips however large it is, as long as none of it is refused. Changes of one player and resource are applied
 * in the order in which they were accepted. With nothing to write, MySQL is not asked.
 *
 * Each change is applied once in effect: wherever this process is killed, wherever the connection to either server
 * breaks, however many processes flush at once. What a call leaves unfinished the next one finishes. A call that fails
 * gives its connection back to the pool, with no transaction open: the twelfth failure is as the first.
 *
 * Where MySQL says no to a change for good, that change is *refused*: at its turn it would leave less than 0 or more
 * than fits (4,294,967,295 fits), or there is no such player or resource. Those behind it go on. A refused change is not
 * pending any more, is not counted as applied, and stays refused. Where you keep refusals is yours to choose, and so is
 * whether a refused id stands in `applied_writes`.
 *
 * Any other error is no refusal. MySQL is away: its error is thrown, and everything waits. MySQL answers with a lock-wait
 * time-out (1205), a deadlock (1213), a killed query (1317), read only (1290), a full disk (1021): you may try again or
 * throw, and nothing is lost.
 */
export async function flushChanges(
  { redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
  { batch = 100 }: FlushOptions = {},
): Promise<number> {
  throw new Error('TODO: write flushChanges in labs/08-write-behind.ts');
}

/** What was refused, each once, the oldest first: the change as it was accepted, and a `reason` for a person. */
export async function getRefused({
  redis,
  mysql,
}: Pick<LabContext, 'redis' | 'mysql'>): Promise<RefusedChange[]> {
  throw new Error('TODO: write getRefused in labs/08-write-behind.ts');
}

/**
 * Flushes every `everyMs`, in batches of at most `batch`, until `stopped()` resolves; then it waits for the flush under
 * way, though not for the next one, closes what it opened, and resolves: no connection to Redis is left that was not
 * there before. Any number of processes may run one, and one that is stopped or killed does not stop the others. A
 * flush that fails is not the last one, be it that MySQL is away for a while or that Redis is.
 *
 * Where Redis may evict keys (its `maxmemory-policy`, which INFO memory tells, is not `noeviction`), it throws an Error
 * whose `name` is 'RedisMayForget', and begins nothing.
 */
export async function runFlusher(
  { redis, mysql }: Pick<LabContext, 'redis' | 'mysql'>,
  stopped: () => Promise<void>,
  { everyMs = 1000, batch = 100 }: FlusherOptions = {},
): Promise<void> {
  throw new Error('TODO: write runFlusher in labs/08-write-behind.ts');
}

type Place = { playerId: number; resourceId: number };

/** A place of the story's own: the first player's stock of something, put back to `quantity`. */
async function demoPlace({ mysql }: LabContext, quantity: number): Promise<Place> {
  const [rows] = await mysql.query(
    'SELECT (SELECT MIN(id) FROM players) AS playerId, (SELECT MIN(id) FROM resources) AS resourceId',
  );
  const place = (rows as Place[])[0]!;
  await mysql.query('REPLACE INTO inventories (player_id, resource_id, quantity) VALUES (?, ?, ?)', [
    place.playerId,
    place.resourceId,
    quantity,
  ]);
  return place;
}

async function inMysql({ mysql }: LabContext, { playerId, resourceId }: Place): Promise<number> {
  const [rows] = await mysql.query(
    'SELECT quantity FROM inventories WHERE player_id = ? AND resource_id = ?',
    [playerId, resourceId],
  );
  return (rows as { quantity: number }[])[0]!.quantity;
}

/** Ids that no run of the story had before. */
const demoId = (name: string) => `demo-${Date.now()}-${name}`;

/** The story that `./lab 08` plays in the terminal, on the live servers. */
export const steps: Step<WriteBehind>[] = [
  {
    title: 'Done, says Redis',
    text: 'A player who holds 10 spends 3. Which server is asked before the player hears "done"? What does each of them know then?',
    async run({ lab, yours, wire, table }) {
      await yours.flushChanges(lab); // what an earlier step left
      const place = await demoPlace(lab, 10);
      await wire((tapped) => yours.acceptChange(tapped, { ...place, changeId: demoId('spend'), delta: -3 }));
      const pending = await yours.getPending(lab, place.playerId, place.resourceId);
      table([{ 'MySQL holds': await inMysql(lab, place), pending }]);
    },
  },
  {
    title: 'The answer was lost, so it is sent again',
    text: 'The same change three times, and once more after it was written. What is pending each time?',
    async run({ lab, yours, table }) {
      await yours.flushChanges(lab); // what an earlier step left
      const place = await demoPlace(lab, 10);
      const change = { ...place, changeId: demoId('twice'), delta: 5 };
      const rows: object[] = [];
      for (const when of ['first', 'second', 'third', 'after the flush']) {
        if (when === 'after the flush') await yours.flushChanges(lab);
        await yours.acceptChange(lab, change);
        const pending = await yours.getPending(lab, place.playerId, place.resourceId);
        rows.push({ sent: when, pending, 'MySQL holds': await inMysql(lab, place) });
      }
      table(rows);
    },
  },
  {
    title: 'A batch on the wire',
    text: 'Ten changes wait. They are written as one batch. Which commands, and in which order do the two servers hear of it?',
    async run({ lab, yours, wire, say }) {
      await yours.flushChanges(lab); // what an earlier step left
      const place = await demoPlace(lab, 10);
      for (let i = 0; i < 10; i++)
        await yours.acceptChange(lab, { ...place, changeId: demoId(`batch-${i}`), delta: 1 });
      const applied = await wire((tapped) => yours.flushChanges(tapped, { batch: 10 }));
      say(`${applied} changes applied. The player held 10 and holds ${await inMysql(lab, place)}.`);
    },
  },
  {
    title: 'One that cannot be',
    text: 'The player holds 10: spends 30, finds 40, spends 30. Which of the three are applied?',
    async run({ lab, yours, table, say }) {
      await yours.flushChanges(lab); // what an earlier step left
      const place = await demoPlace(lab, 10);
      const ids: string[] = [];
      for (const delta of [-30, 40, -30]) {
        ids.push(demoId(`poison-${delta}-${ids.length}`));
        await yours.acceptChange(lab, { ...place, changeId: ids.at(-1)!, delta });
      }
      say(`flushChanges() resolved to ${await yours.flushChanges(lab)}.`);
      table((await yours.getRefused(lab)).filter(({ changeId }) => ids.includes(changeId)));
      say(`MySQL holds ${await inMysql(lab, place)}.`);
    },
  },
  {
    title: 'It runs by itself',
    text: 'A flusher runs four times a second, while a change comes every 60 ms. What is pending, what is in MySQL?',
    async run({ lab, yours, table }) {
      await yours.flushChanges(lab); // what an earlier step left
      const place = await demoPlace(lab, 0);
      const rows: object[] = [];
      const play = async () => {
        for (let i = 1; i <= 16; i++) {
          await yours.acceptChange(lab, { ...place, changeId: demoId(`run-${i}`), delta: 1 });
          await new Promise((resolve) => setTimeout(resolve, 60));
          const pending = await yours.getPending(lab, place.playerId, place.resourceId);
          if (i % 2 === 0) rows.push({ accepted: i, pending, 'in MySQL': await inMysql(lab, place) });
        }
      };
      await yours.runFlusher(lab, play, { everyMs: 250 });
      table(rows);
      await yours.flushChanges(lab);
    },
  },
];
