import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { CheckResult, Outcome } from './result.ts';
import './provided.ts';

/** What a run of checks yields, before it is put together by lab: results by project name and file. */
export interface Collected {
  project: string;
  file: string;
  results: CheckResult[];
  output: string;
  /** Why nothing could be collected, where that is so. */
  broken?: string;
}

/**
 * Collects check results from vitest. The manifest (ids and points) is taken when a file is collected, before any
 * student code runs: a check that then yields no result is an infrastructure error, never a missing line.
 */
export class CheckReporter implements Reporter {
  readonly collected = new Map<string, Collected>();
  /** Called after each check, for progress. */
  onResult: ((result: CheckResult, of: Collected) => void) | undefined;

  #of(module: TestModule): Collected {
    const key = `${module.project.name}\n${module.moduleId}`;
    let found = this.collected.get(key);
    if (!found) {
      found = { project: module.project.name, file: module.moduleId, results: [], output: '' };
      this.collected.set(key, found);
    }
    return found;
  }

  onTestModuleCollected(module: TestModule): void {
    const collected = this.#of(module);
    for (const test of module.children.allTests()) {
      const { check } = test.meta();
      if (!check) continue;
      collected.results.push({
        id: check.id,
        title: test.name,
        points: 0,
        maxPoints: check.points,
        outcome: 'infrastructure error',
        sentence: 'The check did not finish: the judge itself was interrupted.',
        durationMs: 0,
      });
    }
    const [error] = module.errors();
    if (error) collected.broken = error.message;
  }

  onTestCaseResult(test: TestCase): void {
    const meta = test.meta();
    if (!meta.check) return;
    const of = this.#of(test.module);
    const at = of.results.findIndex(({ id }) => id === meta.check!.id);
    const outcome = outcomeOf(test);
    const failure = outcome === 'passed' ? {} : (meta.failure ?? { sentence: sentenceOf(test) });
    const result: CheckResult = {
      id: meta.check.id,
      title: test.name,
      points: outcome === 'passed' ? meta.check.points : 0,
      maxPoints: meta.check.points,
      outcome,
      durationMs: Math.round(test.diagnostic()?.duration ?? 0),
      ...failure,
    };
    if (at < 0) of.results.push(result);
    else of.results[at] = result;
    of.output += meta.output ?? '';
    this.onResult?.(result, of);
  }

  /** Errors outside any test are the judge's own. */
  onTestRunEnd(_modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    for (const of of this.collected.values()) {
      if (errors[0] && !of.broken) of.broken = errors[0].message;
    }
  }
}

function outcomeOf(test: TestCase): Outcome {
  const { state } = test.result();
  if (state === 'passed') return 'passed';
  if (state === 'skipped') return 'not gradable';
  const { failure, infrastructure } = test.meta();
  return failure && !infrastructure ? 'failed' : 'infrastructure error';
}

function sentenceOf(test: TestCase): string {
  const result = test.result();
  if (result.state === 'skipped') return result.note ?? 'This host cannot judge it.';
  return test.meta().infrastructure ?? result.errors?.[0]?.message ?? 'The judge failed.';
}
