import { PassThrough } from 'node:stream';

/**
 * What `work` tells, as it comes: a callback's calls as something to loop over. It ends when `work` does, and throws
 * what `work` throws.
 *
 * @example for await (const line of told<string>(async (tell) => { tell('one'); tell('two'); })) console.log(line)
 */
export async function* told<T>(work: (tell: (value: T) => void) => Promise<unknown>): AsyncGenerator<T> {
  const stream = new PassThrough({ objectMode: true });
  work((value) => stream.write(value)).then(
    () => stream.end(),
    (error: Error) => stream.destroy(error),
  );
  yield* stream as AsyncIterable<T>;
}
