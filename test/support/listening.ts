import type { Redis } from 'ioredis';
import { CheckFailed } from '../../kit/judge/check-errors.ts';
import { fieldOf } from '../../kit/judge/shapes.ts';

/** A process of a submission whose `listen` is called. */
export interface ListenProcess {
  listen(onEvent: (event: unknown) => Promise<void>, during: () => Promise<void>): Promise<unknown>;
}

/** A process that listens. */
export interface Listener {
  /** What it was told so far. */
  told: unknown[];
  /** How often `during` was called. */
  begun: number;
  /** Ends the listening and waits for it; what `listen` threw is thrown. */
  stop(): Promise<void>;
}

export interface ListeningOptions {
  /** What is to happen in the very moment in which `during` is called. */
  first?: () => Promise<unknown>;
  /** What else is done with an event. */
  onEvent?: (event: unknown) => Promise<void>;
}

/** The tags that an event tells of; none where it tells of something else. */
export function tagsOfEvent(event: unknown): readonly unknown[] {
  const tags = fieldOf(event, 'tags');
  return Array.isArray(tags) ? tags : [];
}

/**
 * Has a process listen, and resolves when its `during` was called.
 *
 * @throws what `listen` throws, or CheckFailed where it resolves without calling `during`.
 * @example
 * const listener = await listening(lab);
 * await redis.publish('market:invalidated', '["listings:10"]');
 * await until(() => listener.told.length > 0, 2_000);
 * await listener.stop();
 */
export async function listening(
  process: ListenProcess,
  { first, onEvent }: ListeningOptions = {},
): Promise<Listener> {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const listener: Listener = {
    told: [],
    begun: 0,
    async stop() {
      end();
      await call;
    },
  };
  let call: Promise<unknown> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    call = process.listen(
      async (event) => {
        listener.told.push(event);
        await onEvent?.(event);
      },
      async () => {
        listener.begun++;
        await first?.();
        resolve();
        await ended;
      },
    );
    call.then(() => reject(new CheckFailed('`listen` resolved before `during` had ended.')), reject);
  });
  return listener;
}

/** Hears `market:invalidated` with a client of the judge's own, and looks at something whenever a message comes. */
export async function subscriber<T>(redis: Redis, look: () => Promise<T>) {
  const own = redis.duplicate();
  const looking: Promise<void>[] = [];
  const messages: { text: string; looked: T }[] = [];
  own.on('message', (_, text) => {
    looking.push(look().then((looked) => void messages.push({ text, looked })));
  });
  await own.subscribe('market:invalidated');
  /** Resolves when all that was published before is in `messages`. */
  const heard = async (): Promise<void> => {
    await own.ping();
    await Promise.all(looking);
  };
  return {
    messages,
    heard,
    async close(): Promise<void> {
      await heard();
      own.disconnect();
    },
  };
}
