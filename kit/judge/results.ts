import { findLab } from '../../src/catalog.ts';
import { sum } from '../base/sum.ts';
import type { ManifestLab } from './manifest.ts';
import type { FromWorker, Task } from './queue/messages.ts';
import type { CheckResult, LabResult } from './result.ts';
import { shownName } from './submission.ts';

type Message<Type extends FromWorker['type']> = Extract<FromWorker, { type: Type }>;

/** What a lab of a submission has come to so far. */
interface Collected {
  checks: Map<string, CheckResult>;
  output: string;
}

/**
 * Puts the results of a run together. The manifest (ids and points) is made before any student code runs: a check that
 * then yields no result is an infrastructure error, never a missing line, and points never depend on which checks ran.
 */
export class Results {
  #tasks: readonly Task[];
  #seed: number;
  #servers: string;
  #manifest = new Map<string, ManifestLab>();
  #broken: Record<string, string> = {};
  #trouble: string[] = [];
  #collected = new Map<string, Collected>();

  constructor({ tasks, seed, servers }: { tasks: readonly Task[]; seed: number; servers: string }) {
    this.#tasks = tasks;
    this.#seed = seed;
    this.#servers = servers;
  }

  /** Takes the manifest of the first worker. @returns whether it was the first. */
  begin({ manifest, broken }: Message<'ready'>): boolean {
    const first = this.#manifest.size === 0;
    if (first) for (const lab of manifest) this.#manifest.set(lab.id, lab);
    Object.assign(this.#broken, broken);
    return first;
  }

  add({ index, lab, result, output }: Message<'check'>): void {
    const { checks } = this.#at(index, lab);
    checks.set(result.id, result);
    this.#at(index, lab).output += output;
  }

  /** Keeps why workers failed: each result then says so. */
  trouble(sentences: readonly string[]): void {
    this.#trouble.push(...sentences);
  }

  /** One lab of one submission, as it stands. */
  of(index: number, lab: string): LabResult {
    const { name, labs, checks: asked } = this.#tasks[index]!;
    const { checks: got, output } = this.#at(index, lab);
    const listed = this.#manifest.get(lab)?.checks ?? [];
    const checks = listed
      .filter(({ id }) => asked?.includes(id) ?? true)
      .map(({ id, title, points }) => got.get(id) ?? unfinished({ id, title, points }));
    const judge = [this.#broken[lab], ...this.#trouble].filter((why) => why !== undefined);
    if (listed.length === 0 && judge.length === 0) judge.push('its workers did not reach the checks');
    return {
      lab,
      title: findLab(lab).title,
      submission: name,
      file: shownName(labs.find(({ id }) => id === lab)!.file, lab),
      seed: this.#seed,
      servers: this.#servers,
      points: sum(checks.map((check) => check.points)),
      maxPoints: sum(checks.map((check) => check.maxPoints)),
      checks,
      warnings: judge.map((why) => `The judge itself failed: ${why}`),
      output,
      durationMs: sum(checks.map((check) => check.durationMs)),
    };
  }

  /** Every lab of every submission, in their order. */
  all(): LabResult[] {
    return this.#tasks.flatMap(({ index, labs }) => labs.map(({ id }) => this.of(index, id)));
  }

  #at(index: number, lab: string): Collected {
    const key = `${index} ${lab}`;
    let found = this.#collected.get(key);
    if (!found) {
      found = { checks: new Map(), output: '' };
      this.#collected.set(key, found);
    }
    return found;
  }
}

const unfinished = ({ id, title, points }: { id: string; title: string; points: number }): CheckResult => ({
  id,
  title,
  points: 0,
  maxPoints: points,
  outcome: 'infrastructure error',
  sentence: 'The check did not finish: the judge itself was interrupted.',
  durationMs: 0,
});
