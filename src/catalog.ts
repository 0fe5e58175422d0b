/** One lab, as the course lists it. Every path of a lab derives from `id`. */
export interface CatalogEntry {
  /** Order and name: `01-initial-sync`. */
  id: string;
  title: string;
  /** The question of the reference document that the lab answers. */
  question: string;
  /** From a nudge to nearly the code; `./lab hint 01` gives one more each time. */
  hints: readonly string[];
  /** npm packages that the lab file may import, beside types of `src/lab`. */
  packages: readonly string[];
  /** Whose tables its checks put back: default the store's. Both stand in the check's schema. */
  world?: World;
}

/** The store manager of Part I, or the crafting game of Part II. */
export type World = 'store' | 'market';

/** The labs in the order in which they are taught. */
export const catalog: readonly CatalogEntry[] = [
  {
    id: '01-initial-sync',
    title: 'Initial sync',
    question:
      'When the application starts, which method triggers the initial synchronisation between Redis and MySQL? Include the code that illustrates your answer.',
    hints: [
      'Three things happen at a start, and their order is the lesson: wait for MySQL, sync, listen. Each is one function; `startStoreManager` only puts them in order and decides what a failure means.',
      'Do not ask MySQL for everything at once. Read a page of orders with `WHERE id > ? ORDER BY id LIMIT 1000`, read the items of that page with one `WHERE order_id BETWEEN ? AND ?`, send the page to Redis in one pipeline, and go on after the last id.',
      'Keep a marker in Redis: the last order id that is surely there. Move it only after the replies of a page are in and none of them is an error. A start begins after the marker, so a second start transfers only what is new and a crash is finished, not forgotten.',
      'In `startStoreManager`: `await waitForMysql`, then `await syncAllOrdersToRedis` in a `try`, `console.warn` in its `catch`, and `await listen()` after both, outside the `try`, so that a failing sync cannot stop the server.',
    ],
    packages: ['ioredis', 'mysql2'],
  },
  {
    id: '02-read-orders',
    title: 'Reading orders',
    question:
      'Which methods did you use to read data from Redis? Include the code that illustrates your answer.',
    hints: [
      'Begin with `getOrderById`. HGETALL of a key that does not exist is `{}`, not null and not an error, and the key is `order:7`, not `7`. Everything in the hash is text: decide for each field what it becomes. The amount stays text.',
      'Write one function that makes an order of a hash, or null. Look for the fields `item_<number>_product_id` with a regular expression, sort by the number and not by the text, and read the two fields of each. Use it in `getOrderById` and in `getOrdersFromRedis`.',
      'Filter keys with `/^order:[1-9]\\d*$/`, and sort them by `Number(key.slice(6))`. For SCAN: call it until the cursor is the text "0" again, collect into a `Set`, and pass `count` on with every call.',
      'In `getOrdersFromRedis`: refuse a limit that is not a whole number first; take the highest ids (`zrevrange("orders:index", 0, limit - 1)`, or your own SCAN where that is empty); send one pipeline with one HGETALL for each; look at the error of every reply; leave out what is null.',
    ],
    packages: ['ioredis'],
  },
  {
    id: '03-hset-mapping',
    title: 'Writing orders: HSET with a mapping',
    question:
      'Which methods did you use to add data to Redis? Include the code that illustrates your answer.',
    hints: [
      'Write one function that turns an order into the fields of its hash, and refuses what is no order while it does so. Both of your functions begin with it, before they touch Redis. `Number.isSafeInteger(value) && value > 0` says no to undefined, null, NaN, 1.5, 1e21 and "7" at once.',
      'HSET takes an object: `redis.hset(key, fields)` is one command and one round trip. But it only adds and overwrites: the fields of an item that is gone stay. Something must delete them, and nobody may look in between.',
      'MULTI, DEL, HSET, EXEC run as one step. In ioredis `redis.multi().del(key).hset(key, fields).exec()` sends all four together, in one round trip. Look at the errors of its replies.',
      'To keep the index in the same step, the step must ask first whether there is one: MULTI cannot, a Lua script can. `redis.eval(script, 2, key, "orders:index", id, ...fields)` with DEL, one HSET for each pair of ARGV, and `if redis.call("EXISTS", KEYS[2]) == 1 then redis.call("ZADD", KEYS[2], ARGV[1], ARGV[1]) end`.',
    ],
    packages: ['ioredis'],
  },
  {
    id: '04-delete-orders',
    title: 'Deleting orders',
    question:
      'Which methods did you use to delete data from Redis? Include the code that illustrates your answer.',
    hints: [
      'DEL takes a whole key and says how many keys were there; HDEL takes fields of a hash and says how many fields were there. That number is your return value: no EXISTS before it, since somebody else may delete between the two.',
      '`onDeleted` needs the order as it was when it went. After DEL it is too late to read it, and before DEL somebody may still change it. Reading and deleting must be one step: a MULTI of HGETALL and DEL, or a Lua script.',
      'For many ids: one `redis.multi()`, for each id `.hgetall(key).del(key)`, one `exec()`. That is one round trip. Look at the error of each reply; where the reply of DEL is 1, the reply of the HGETALL before it is your order. An id given twice is read as `{}` the second time, and its DEL says 0.',
      'Build the items with a loop from 0 to `items_count`, not by sorting field names: `item_10` sorts before `item_2`. Call `onDeleted` in a loop with try and catch, keep the first error, throw it at the end. `deleteOrderFromRedis` is `deleteOrdersFromRedis` with one id.',
    ],
    packages: ['ioredis'],
  },
  {
    id: '05-best-sellers',
    title: 'Best sellers',
    question:
      'If we wanted to create a similar report, but presenting the best-selling products, is the information that we currently have in Redis sufficient, or should we look in the MySQL tables? If necessary, what information should we add to Redis? Include the code that illustrates your answer.',
    hints: [
      'Begin with the reports from the order hashes: one generator that scans `order:*`, keeps the names that are `order:` and a number, reads each batch in one pipeline, and yields the hashes that are not empty. Both reports add up what it yields. For money: `BigInt(amount.replace(".", ""))` is whole cents.',
      'Sort yourself: `y - x || a - b`. A sorted set sorts members of equal score as text, and turned round, so "9" comes before "10" and the cut at `limit` can take the wrong one: take all that are at least as good as the last, then sort.',
      'recordSale must look and count in one step. A Lua script does it: HSETNX of the order id with the items as text ("4:2,7:1") in a hash `sales:counted`; where it says 0, return; else INCRBY and ZINCRBY for each item. revertSale reads that text back, HDELs it, and takes away what it says, not what the order says now.',
      'rebuildSales: page through MySQL as in lab 01, write what you remember under a new key, add the quantities up in a Map, and at the end swap everything in one MULTI: DEL the old counters, MSET the new ones, DEL and ZADD the sorted set, RENAME the new key over the old one.',
    ],
    packages: ['ioredis', 'mysql2'],
  },
  {
    id: '06-cache-aside',
    title: 'Cache-aside: look, load, keep',
    question:
      'Cache-aside looks in the cache, loads from the database on a miss, keeps the value and returns it. The document names what it costs: a slow first access, and a possible cache stampede. How do you write it so that a missing key is loaded once, however many ask? Include the code that illustrates your answer.',
    hints: [
      'Begin with one reader: `GET`, and where there is a text, `JSON.parse` it and return it, whatever it is. Ask whether the *text* is null, never whether the value is truthy. On a miss `load()`, then one `SET key text PX ttl`. Null is kept too, as the text `null`. Put everything that talks to Redis where its errors are caught, and `load` where they are not.',
      'One process: keep a `Map` from key to the promise of the load that is under way. Who finds one there awaits it. Who finds none puts one there before its first `await`, and takes it out again in a `finally`, so that a failed load is not kept.',
      'Several processes: before it loads, a process takes a lease: `SET lease:<key> <random token> NX PX <waitMs>`, one command, so that it always expires. Who does not get it pauses a few milliseconds and looks again: is the value there? is the lease free? After taking the lease look at the value once more, since it may have come in between.',
      'Give back only your own lease, and keep only what is not late, in one script: `if redis.call("GET", KEYS[2]) == ARGV[1] then redis.call("DEL", KEYS[2]); redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3]) end`. Call it after `load` also where that failed, with nothing to keep: then the next reader need not wait for the lease to end.',
    ],
    packages: ['ioredis'],
  },
  {
    id: '07-write-through',
    title: 'Write-through: the database, then the cache',
    question:
      'Write-through writes to the database and to the cache "simultaneously", and the document says that the cache is then always up to date. In which order do you write, what does a crash between the two leave, and what does "always up to date" need? Include the code that illustrates your answer.',
    hints: [
      'MySQL first: it may refuse, and until it has committed there is nothing to show. Write down what stands in each of the two after a crash between them, for both orders. Then the rest follows: an error of MySQL is thrown before Redis hears of anything, an error of Redis is caught, since the write has happened.',
      'One UPDATE counts the version and writes the rest: `SET display_name = ?, level = ?, version = version + 1 WHERE id = ?`. To know which version became yours, read it in the same transaction, or let the UPDATE say it: with `version = LAST_INSERT_ID(version + 1)` it is `insertId` of the result. `affectedRows` 0 means that there is no such player.',
      'Between your commit and your SET another process may commit and SET. Then yours, the older, comes last and stays. So the cache must compare: a Lua script reads what is there, and writes only where that is no later version. The time to live belongs in the same SET (PX).',
      'A reader that missed has the same trouble: it read version 1, then somebody wrote version 2 to both, and now the reader wants to keep version 1. Let it keep what it read through the same script. In the script: `local ok, held = pcall(cjson.decode, redis.call("GET", KEYS[1]) or "")`, then compare `held.version` with ARGV[2] where `ok` and `type(held) == "table"`, then `redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[3])`.',
    ],
    packages: ['ioredis', 'mysql2'],
    world: 'market',
  },
  {
    id: '08-write-behind',
    title: 'Write-behind: acknowledge now, write later',
    question:
      'Write-behind acknowledges a write from Redis and writes the database afterwards. The document names what it gains, writes at the speed of Redis and less work for the database, and what it risks: data lost when Redis crashes before the write, and more complexity. How do you write it so that no acknowledged write is lost, and none counts twice? Include the code that illustrates your answer.',
    hints: [
      'Write down three things that Redis must hold after an acknowledgement: the change at the end of a queue, its delta in the sum of its player and resource, and its id among those that were seen. If a kill can leave one without the other two, a change is lost or counts twice. So one step: a Lua script that begins with `if not redis.call("SET", KEYS[1], "", "NX") then return end`. The script also answers with an error where Redis is full.',
      'A flush reads a batch from the head of the queue, commits it in MySQL, and only then takes it out of Redis: killed in between, the batch comes again. That it was written already stands in `applied_writes`, which the transaction of the quantities wrote too: look there first. Take out each entry by its own id (XDEL), and let the reply say whether it was still there before you take its delta from the sum.',
      'Inside the transaction, in this order: take the turn, by writing a row of `markers` that every flusher writes (`INSERT ... ON DUPLICATE KEY UPDATE value = value`): who comes second waits until COMMIT. Then ask which ids are in applied_writes, and read the stock with `... WHERE (player_id, resource_id) IN (?) FOR UPDATE`. Go through the changes in their order on a Map of quantities. One INSERT of many rows writes the Map, another one the ids.',
      'Where a change cannot be, throw, roll back, and try the two halves of the batch one after the other. A half of one change is the poisoned one: in a transaction of its own write it to `outbox` and its id to `applied_writes`, so that it stays refused. MySQL refuses for good where `error.sqlState` begins with 22 or 23; every other error is thrown on. For the flusher: `queue.upsertJobScheduler("flush", { every: everyMs })` and a `Worker` that calls flushChanges, on `redis.duplicate({ maxRetriesPerRequest: null })`; close both when `stopped()` has resolved.',
    ],
    packages: ['ioredis', 'mysql2', 'bullmq'],
    world: 'market',
  },
  {
    id: '09-invalidation',
    title: 'Invalidation on events',
    question:
      'After a sale the document invalidates the listings of the resource, both inventories and the leaderboard. How does a sale find all that was made of what it changed, how do other processes hear of it, and why can a reader still put the old value back? Include the code that illustrates your answer.',
    hints: [
      'A tag is two notes in Redis: which keys were kept under it (a set), and its generation (a text). `keepTagged` writes to the first, an invalidation empties the first and changes the second. Begin with `invalidateTags`, and let `invalidateSale` be five tags given to it.',
      'A generation need not be a number. Let it be random: who asks first writes `randomUUID()` with `SET key uuid PX ttl NX GET`, all others read it, and an invalidation deletes it. Then "it was invalidated" and "Redis lost it" are one and the same: what is there now is not what you have. For several tags send these SETs in one MULTI.',
      '`keepTagged` asks and acts on the answer, so it is a script: GET each generation and return 0 where one differs, then SET with PX, then for each tag ZADD the key with the time of its expiry, ZREMRANGEBYSCORE what lies behind (`redis.call("TIME")`), and PEXPIRE only where PTTL is shorter. `invalidateTags` is a script too: ZRANGE, add up what UNLINK says of each key, UNLINK the two notes, PUBLISH.',
      '`listen`: `const own = redis.duplicate()`, an `error` handler, a `message` handler that parses in a try and puts each event behind the last with `told = told.then(() => onEvent(event)).catch(...)`. `await own.subscribe(...)`, and only then `own.on("ready", ...)`, which subscribes again and tells `{ missed: true }`; then `await during()`; in a `finally` take the handler off, `own.disconnect()`, `await told`.',
    ],
    packages: ['ioredis'],
  },
  {
    id: '10-leaderboard',
    title: 'The leaderboard: refreshed, or live',
    question:
      'The document keeps the leaderboard for five minutes, and a periodic job invalidates it. What do readers find after that job, and how is a leaderboard refreshed so that they always find one? When is a sorted set that every sale updates the better choice? Include the code that illustrates your answer.',
    hints: [
      'loadLeaderboard is one query: a sum for each seller, joined with players, `ORDER BY earned DESC, id LIMIT ?`. A SUM() arrives as text: `CAST(SUM(total_price) AS UNSIGNED)` is a number. `RANK() OVER (ORDER BY earned DESC)` gives equal sums one rank. Look at the limit before anything else, in one small function that all of them call.',
      'refreshLeaderboard: `SET lock <random token> PX lockMs NX` says who loads; who does not get it returns false. Load, then one script: only where the lock still holds your token, delete it and `SET kept <JSON> PX ttl`. Keep the limit beside the rows, so that getLeaderboard knows how much it has. In `catch`: give the lock back with the same script and nothing to keep, and throw on.',
      'recordEarning is one script: `HSETNX counted <saleId> "<player>:<earned>"`, and where that says 0, return; then ZINCRBY, and HSET of the login. Redis sorts equal scores by the text of the member. Let the member be the id in 16 digits (`padStart`) and the score minus the sum: then ZRANGE 0 limit-1 is in the right order, cut included. In a script pass numbers on as texts: tostring() rounds to 14 digits.',
      'rebuildLiveLeaderboard, in this order: note which sales are counted (HKEYS); read sums, the greatest id older than an hour (the floor) and the sales after it from MySQL in one `START TRANSACTION WITH CONSISTENT SNAPSHOT`; write the new keys under other names, with a PEXPIRE, in one MULTI; then one script adds what is counted now, was not noted, and is neither in the new keys nor below the floor, and does RENAME and PERSIST. recordEarning ignores ids up to the floor.',
    ],
    packages: ['ioredis', 'mysql2'],
    world: 'market',
  },
  {
    id: '11-sessions',
    title: 'Sessions',
    question:
      'The document keeps a session in Redis for a day, under a UUID that it stores as it is, and slides it with each request. What can somebody do who reads Redis, what must change at a log-in and at a change of rights, and what is a session when Redis comes back empty, or does not answer? Include the code that illustrates your answer.',
    hints: [
      'An id is `randomBytes(32).toString("base64url")`, and all that is stored is `createHash("sha256").update(id).digest("hex")`: the key in Redis is `sid:` and that, and so is `id_hash`. A session in Redis is its five fields as JSON, with `PX`. Compare `now() < expiresAt` at each read, in Redis and in the query alike.',
      'createSession, in this order: delete the rows that are over, INSERT, SET, COMMIT. Where Redis fails the transaction is rolled back, and there is no session. readSession: GET; on a miss the row, and then SET with `PX` and `NX`.',
      'Sliding, rotating and ending need a turn: `START TRANSACTION`, `SELECT ... WHERE id_hash = ? AND expires_at > ? FOR UPDATE`, then MySQL and Redis, and COMMIT last. Nobody else writes this session meanwhile. rotateSession is an UPDATE of `id_hash`. One row at a time, by its primary key: then two calls never wait for each other for ever.',
      'A log-out that is a DEL leaves nothing, and a reader who loaded the row before puts the session back. Write a mark in its place, `SET sid:<hash> ended PX <until endsAt>`: the `NX` of the reader fails then. endAllSessions asks MySQL for the hashes of the player, ends each in its turn, and asks again until there are none: a session with a new id is found the second time.',
    ],
    packages: ['ioredis', 'mysql2'],
    world: 'market',
  },
  {
    id: '13-operations',
    title: 'Operations: when Redis is in trouble',
    question:
      'Redis is slow, full, or lets nobody in. How do you find out which it is, what shows it, and what do you change? Include the code that illustrates your answer.',
    hints: [
      'Nearly all figures are in the one reply of INFO: run_id, used_memory, maxmemory, maxmemory_policy, evicted_keys, keyspace_hits. Lines end with \\r\\n, and a name ends at the first colon.',
      'A count since the start says nothing of the last hour: subtract two readings. And where run_id is another one, there is nothing to subtract.',
      'memoryReport: SCAN with COUNT 1000, then one pipeline of MEMORY USAGE key SAMPLES 0 for each page. A Set remembers what was seen.',
      'diagnose: redis.duplicate({ username: undefined, password: undefined, retryStrategy: () => null }) is a client that gives no password and does not try again. A ReplyError came from Redis, every other error from the client.',
      'checkDeployment: CONFIG GET for the settings, INFO for version and uptime. For the password try a connection without one: requirepass says nothing of the users of an ACL.',
    ],
    packages: ['ioredis'],
  },
];

/**
 * The lab that a person means by its number or its id.
 *
 * @throws UnknownLab, whose message lists the labs there are.
 * @example findLab('1').id // '01-initial-sync'
 */
export function findLab(name: string): CatalogEntry {
  const wanted = /^\d$/.test(name) ? `0${name}` : name;
  const entry = catalog.find(({ id }) => id === wanted || id.startsWith(`${wanted}-`));
  if (entry) return entry;
  const error = new Error(`There is no lab "${name}". The labs: ${catalog.map(({ id }) => id).join(', ')}.`);
  error.name = 'UnknownLab';
  throw error;
}
