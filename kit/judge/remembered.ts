import { StudentError } from './runner/student-error.ts';

/** One thing that was found out once, for whoever asks for it again under the same key. */
export class Remembered {
  #last: { key: string; value: Promise<unknown> } | undefined;

  /** What `work` resolves to, or the student's error in it, remembered until it is asked for another key. */
  once<T>(key: string, work: () => Promise<T>): Promise<T> {
    if (this.#last?.key !== key) {
      const value = work();
      this.#last = { key, value };
      value.catch((error) => {
        if (!(error instanceof StudentError)) this.#last = undefined;
      });
    }
    return this.#last!.value as Promise<T>;
  }
}
