import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { CheckResult, Outcome } from './result.ts';
import './provided.ts';

/** What a run of checks yields, before it is put together by lab: the results of one submission in one file. */
export interface Collected {
  /** Number of the submission in the run. */
  submission: number;
  file: string;
  results: CheckResult[];
  output: string;
}

/**
 * Collects check results from vitest. The manifest (ids and points) is taken when a file is collected, before any
 * student code runs: a check that then yields no result is an infrastructure error, never a missing line.
 */
export class CheckReporter implements Reporter {
  readonly collected = new Map<string, Collected>();
  #broken = new Map<string, string>();
  #everywhere: string | undefined;
  /** Called after each check, for progress. */
  onResult: ((result: CheckResult, of: Collected) => void) | undefined;

  /** The results of a submission in a test file. */
  of(submission: number, file: string): Collected {
    const key = `${submission} ${file}`;
    let found = this.collected.get(key);
    if (!found) {
      found = { submission, file, results: [], output: '' };
      this.collected.set(key, found);
    }
    return found;
  }

  onTestModuleCollected(module: TestModule): void {
    const [error] = module.errors();
    if (error) this.#broken.set(module.moduleId, error.message);
    for (const test of module.children.allTests()) {
      const { check } = test.meta();
      if (!check) continue;
      this.of(check.submission, module.moduleId).results.push({
        id: check.id,
        title: test.name,
        points: 0,
        maxPoints: check.points,
        outcome: 'infrastructure error',
        sentence: 'The check did not finish: the judge itself was interrupted.',
        durationMs: 0,
      });
    }
  }

  onTestCaseResult(test: TestCase): void {
    const meta = test.meta();
    if (!meta.check) return;
    const of = this.of(meta.check.submission, test.module.moduleId);
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
    if (errors[0]) this.#everywhere = errors[0].message;
  }

  /** Why the judge itself failed in a file, or undefined. */
  brokenIn(file: string): string | undefined {
    return this.#broken.get(file) ?? this.#everywhere;
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
