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
    // Conditions are waited for as long as a busy machine may need.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
  },
});
