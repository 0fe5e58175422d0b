import { StudentError } from './runner/student-error.ts';

/**
 * What is remembered of a student's file from one check to the next: that it does not load, which needs no second look,
 * and that it had an endless loop, whose line the next runner shall tell.
 */
export class SourceMemory {
  #failed = new Map<string, { error: StudentError; times: number }>();
  #watched = new Set<string>();

  /**
   * Loads the file with `start`, or throws again what it threw before. Only what the file itself does every time counts:
   * it throws, loops or waits for ever while it loads. A process that ended has to end twice, as a machine in need may
   * end one; what is not a `StudentError` is never remembered.
   */
  async load<T>(source: string, start: (watched: boolean) => Promise<T>): Promise<T> {
    const known = this.#failed.get(source);
    if (known && known.times >= (known.error.trouble === 'process ended' ? 2 : 1)) throw known.error;
    try {
      return await start(this.#watched.has(source)).catch((error) => {
        if (!isEndless(error) || !this.watch(source)) throw error;
        return start(true);
      });
    } catch (error) {
      if (error instanceof StudentError) this.#failed.set(source, { error, times: (known?.times ?? 0) + 1 });
      throw error;
    }
  }

  /** From now on this file's runners tell the line of an endless loop. False where they did already. */
  watch(source: string): boolean {
    if (this.#watched.has(source)) return false;
    this.#watched.add(source);
    return true;
  }
}

/** True for an endless loop. */
export const isEndless = (error: unknown): boolean =>
  error instanceof StudentError && error.trouble === 'endless loop';
