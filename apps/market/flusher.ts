import type { Redis } from 'ioredis';
import { atMost } from '../../src/cache/at-most.ts';
import { queueClient } from '../../src/cache/queue-client.ts';
import { LabNotSolved } from '../shared/lab-error.ts';
import { RequestProblem } from '../shared/problem.ts';
import type { Game } from './game.ts';

/** How long a flush that is under way may keep `close` waiting, ms. */
const CLOSE_TIMEOUT_MS = 2000;
/** After a flusher that failed, ms. */
const AGAIN_MS = 1000;

/** Lab 08's flusher, which runs for as long as the game is open. */
export interface Flusher {
  /** @throws LabNotSolved, RequestProblem where nobody would write what is accepted now */
  mustRun(): void;
  /** Goes on with the flusher of the labs as they are now. */
  restart(): void;
  /** Ends it after the flush under way. It takes three seconds at most, whatever Redis, MySQL and the lab do. */
  close(): Promise<void>;
}

/**
 * Runs lab 08's flusher, again where it fails. It has a connection of its own, whose commands wait while Redis is away
 * and which nothing that it made of it outlives.
 *
 * @param redis the client whose Redis it is
 */
export function startFlusher(game: Game, redis: Redis): Flusher {
  let closing = false;
  let problem: Error | undefined;
  let wake = () => {};
  let told = '';

  async function runOnce(): Promise<void> {
    const client = queueClient(redis);
    const stopped = new Promise<void>((resolve) => {
      wake = resolve;
    });
    problem = undefined;
    const { mysql, labs } = game;
    const running = labs
      .runFlusher({ redis: client.redis, mysql }, () => stopped)
      .then(() => new Error('it ended by itself.'))
      .catch((error: Error) => error);
    const ended = await Promise.race([running, stopped]);
    if (ended) {
      problem = whyNot(ended);
      if (!(ended instanceof LabNotSolved) && told !== ended.message)
        game.say(`The flusher of lab 08 stopped: ${ended.message}`);
      told = ended.message;
    } else if (client.redis.status === 'ready') await atMost(CLOSE_TIMEOUT_MS, running);
    await client.end();
    // A stub waits for the lab to be edited.
    if (ended && !closing) await atMost(ended instanceof LabNotSolved ? undefined : AGAIN_MS, stopped);
  }
  const running = (async () => {
    while (!closing) await runOnce();
  })();
  // A Redis that came back empty knows of no schedule any more.
  const again = () => wake();
  redis.on('ready', again);
  return {
    mustRun() {
      if (problem) throw problem;
    },
    restart: () => wake(),
    async close() {
      closing = true;
      redis.off('ready', again);
      wake();
      await running;
    },
  };
}

/** What to answer while it does not run; nothing where it will by itself. */
function whyNot(error: Error): Error | undefined {
  if (error instanceof LabNotSolved) return error;
  if (error.name !== 'RedisMayForget') return undefined;
  return new RequestProblem({
    status: 503,
    code: 'REDIS_MAY_FORGET',
    message: 'This Redis may evict what it has accepted: set its maxmemory-policy to noeviction.',
    retryAfter: 60,
  });
}
