import { join } from 'node:path';
import { startVitest } from 'vitest/node';
import { rootFolder } from '../base/root.ts';

export interface KitResult {
  passed: number;
  failed: number;
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
  let [passed, failed] = [0, vitest.state.getUnhandledErrors().length];
  for (const module of vitest.state.getTestModules()) {
    if (module.errors().length > 0) failed++;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed++;
      else failed++;
    }
  }
  await vitest.close();
  // vitest sets it when a test fails; `./lab test` decides by its own count.
  process.exitCode = 0;
  return { passed, failed: passed === 0 ? failed + 1 : failed };
}
