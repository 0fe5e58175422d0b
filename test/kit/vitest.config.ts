import { defineConfig } from 'vitest/config';

// The kit's own tests: `./lab test` runs them, or one by hand: npx vitest run --config test/kit/vitest.config.ts tap
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/kit/**/*.test.ts'],
    // These need what CI or `npm run test:long` sets up first, and say so where they are run.
    exclude: process.env.LAB_TEST_CONTAINERS ? [] : ['test/kit/**/*.containers.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // No test waits as long as this: each ends with what it waits for. On a machine with thirty busy processes that
    // takes thirty times as long.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 90_000, interval: 50 } },
    teardownTimeout: 10_000,
  },
});
