/** Thrown by a check that says by itself what is wrong with the student's work, where no `expect` compares two values. */
export class CheckFailed extends Error {
  override name = 'CheckFailed';
  /** What was to come and what came, as texts. */
  readonly values: { expected: string; got: string } | undefined;
  constructor(sentence: string, values?: { expected: string; got: string }) {
    super(sentence);
    this.values = values;
  }
}

/** Thrown where what a check is about fails already without what it was to disturb. */
export class NotReached extends Error {
  override name = 'NotReached';
  constructor(cause: unknown, sentence: string) {
    super(sentence, { cause });
  }
}

/** Thrown by a check that this host cannot judge; the message says what it lacks. Points are not lost. */
export class NotGradable extends Error {
  override name = 'NotGradable';
}
