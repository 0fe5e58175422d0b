import { findLab } from '../../src/catalog.ts';
import { Runner } from './runner/runner.ts';
import type { RunnerOptions } from './runner/runner-options.ts';
import { type Transpiled, transpile } from './runner/transpile.ts';
import { SourceMemory } from './source-memory.ts';

/** A file of a submission and where it runs. */
export interface RunnerOf {
  /** The lab's id: it says which packages the file may import. */
  lab: string;
  /** 0 for the first process; a check that wants more numbers them from 1. */
  at?: number;
}

/** What the environment knows of a start. */
type StartOptions = Pick<RunnerOptions, 'servers' | 'now' | 'traffic'>;

/**
 * The runners of one environment, by number: one, and beside it as many more as a check asks for, which hold the same
 * file and stand behind the same taps.
 */
export class Runners {
  #there = new Map<number, Runner>();
  /** The numbers that the check at hand has asked for. */
  #used = new Set<number>();
  #transpiled = new Map<string, Promise<Transpiled>>();
  #sources = new SourceMemory();
  #options: (source: string) => Promise<StartOptions>;

  /** `options` is asked before each start; nobody runs then but others of the same file. */
  constructor(options: (source: string) => Promise<StartOptions>) {
    this.#options = options;
  }

  /**
   * The runner that holds this file, started where none does. A file that did not load is not tried again.
   *
   * @throws StudentError or CannotLoad where the file does not load.
   */
  async of(source: string, { lab, at = 0 }: RunnerOf): Promise<Runner> {
    this.#used.add(at);
    const there = this.#there.get(at);
    if (there?.alive && there.source === source) return there;
    // Of another submission nobody may be left, whatever its number.
    const over = [...this.#there].filter(([number, one]) => number === at || one.source !== source);
    await Promise.all(over.map(([number]) => this.end(number)));
    const runner = await this.#sources.load(source, (watched) => this.#start(source, { lab, watched }));
    this.#there.set(at, runner);
    return runner;
  }

  /**
   * A runner that can tell the line of an endless loop, in place of the one that ran into it; undefined for a file that
   * had one before.
   */
  async watched(source: string, where: RunnerOf): Promise<Runner | undefined> {
    return this.#sources.watch(source) ? this.of(source, where) : undefined;
  }

  async #start(source: string, { lab, watched }: { lab: string; watched: boolean }): Promise<Runner> {
    let transpiled = this.#transpiled.get(source);
    if (!transpiled) {
      transpiled = transpile(source, findLab(lab).packages);
      this.#transpiled.set(source, transpiled);
    }
    const { file, imports } = await transpiled; // what does not load ends here, before anything else is begun
    return Runner.start({ source, file, imports, watched, ...(await this.#options(source)) });
  }

  /** Ends a runner, as a crash of the student's application would. */
  async end(at = 0): Promise<void> {
    const runner = this.#there.get(at);
    this.#there.delete(at);
    await runner?.kill();
  }

  /**
   * A new check begins: ends what the last one did without, beside the first, and what still is in a call of the last.
   * The others are kept, as a start takes longer than a check; but none of another file than `source`, where that is
   * told: it could still touch what is put back for it.
   */
  async beginCheck(source?: string): Promise<void> {
    const over = [...this.#there].filter(
      ([at, one]) =>
        one.busy || (at > 0 && !this.#used.has(at)) || (source !== undefined && one.source !== source),
    );
    this.#used.clear();
    await Promise.all(over.map(([at]) => this.end(at)));
  }

  /**
   * Resolves once the Redis clients of each of them are connected again (`Runner.reconnected`): what one sends as it comes
   * back, such as SUBSCRIBE, would else look like a command that a call of another has left on its way.
   */
  async reconnected(): Promise<void> {
    await Promise.all([...this.#there.values()].map((one) => one.reconnected()));
  }

  /** Resolves once each of them has sent what it had to send (`Runner.turn`). */
  async turn(): Promise<void> {
    await Promise.all([...this.#there.values()].map((one) => one.turn()));
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#there.keys()].map((at) => this.end(at)));
  }
}
