import { join, relative } from 'node:path';
import { startVitest } from 'vitest/node';
import { rootFolder } from '../base/root.ts';

export interface KitResult {
  passed: number;
  /** What did not hold, a line each: `test/kit/cli.test.ts > grade > says where: expected 2 to be 0`. */
  failed: readonly string[];
}

/**
 * Runs `test/kit` with vitest's own reporter. A file that cannot be collected, and an error outside any test, count as
 * failures: a run without tests is never green.
 *
 * @param long also `test/long`.
 * @param only runs only files whose path holds this.
 */
export async function runKitTests({
  long = false,
  only,
}: {
  long?: boolean;
  only?: string;
}): Promise<KitResult> {
  const root = rootFolder();
  const vitest = await startVitest(only ? [only] : [], {
    config: join(root, long ? 'test/long/vitest.config.ts' : 'test/kit/vitest.config.ts'),
    watch: false,
    reporters: ['default'],
  });
  let passed = 0;
  const failed = vitest.state.getUnhandledErrors().map((error) => `outside any test: ${lineOf([error])}`);
  for (const module of vitest.state.getTestModules()) {
    const file = relative(root, module.moduleId);
    if (module.errors().length > 0) failed.push(`${file}: ${lineOf(module.errors())}`);
    for (const test of module.children.allTests()) {
      const { state, errors } = test.result();
      if (state === 'passed') passed++;
      else failed.push(`${file} > ${test.fullName}: ${errors ? lineOf(errors) : state}`);
    }
  }
  await vitest.close();
  // vitest sets it when a test fails; `./lab test` decides by its own count.
  process.exitCode = 0;
  return { passed, failed: passed === 0 ? [...failed, 'no test passed'] : failed };
}

/** The first line of the first error. */
const lineOf = (errors: readonly unknown[]): string =>
  String((errors[0] as { message?: unknown } | undefined)?.message ?? errors[0]).split('\n', 1)[0] ?? '';
