import { setTimeout as pause } from 'node:timers/promises';
import { atMost } from '../../src/cache/at-most.ts';
import { CacheUnavailable } from '../../src/cache/redis-calls.ts';
import { isMysqlAway } from '../shared/mysql-errors.ts';
import { type OutboxNote, pendingNotes, removeNote } from './commands/outbox.ts';
import type { Game } from './game.ts';
import { afterChange } from './invalidate.ts';

/** How long a server that stands still may keep `close` waiting, ms. */
const CLOSE_TIMEOUT_MS = 2000;
/** So many notes are read at a time. */
const PAGE = 100;

/**
 * After a COMMIT and before its answer: makes the cache forget, and removes the note. Where a server is away the note
 * stays, and the change counts all the same: a relay makes good for it.
 */
export async function settle(game: Game, note: OutboxNote): Promise<void> {
  await deliver(game, note).catch((error) => {
    if (!isAway(error)) throw error;
  });
}

async function deliver(game: Game, note: OutboxNote): Promise<void> {
  await afterChange(game, note.change).catch((error) => {
    if (isAway(error)) throw error;
    // It would stand in the way for ever; what is stale ends with its time to live.
    game.say(`Note ${note.outboxId} of the outbox cannot be relayed: ${(error as Error).message}`);
  });
  await removeNote(game.mysql, note);
}

const isAway = (error: unknown): boolean => error instanceof CacheUnavailable || isMysqlAway(error);

/** What goes through the notes again and again. */
export interface Relay {
  /** It takes two seconds at most. */
  close(): Promise<void>;
}

/**
 * Does what is left of other processes' changes, and of this one's while Redis was away: at the start, and then every
 * second. Several relays at once do some of it twice, which does no harm, and lose none.
 */
export function startRelay(game: Game, { everyMs = 1000 }: { everyMs?: number } = {}): Relay {
  const stop = new AbortController();
  const running = (async () => {
    while (!stop.signal.aborted) {
      await relayAll(game, stop.signal).catch((error) => {
        if (!isAway(error)) game.say(`The relay failed, and tries again: ${(error as Error).stack}`);
      });
      await pause(everyMs, undefined, { signal: stop.signal }).catch(() => {});
    }
  })();
  return {
    async close() {
      stop.abort();
      await atMost(CLOSE_TIMEOUT_MS, running); // what is left undone is noted
    },
  };
}

async function relayAll(game: Game, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (!game.cache.reachable) return;
    const notes = await pendingNotes(game.mysql, { limit: PAGE });
    for (const note of notes) {
      if (signal.aborted) return;
      await deliver(game, note);
    }
    if (notes.length < PAGE) return;
  }
}
