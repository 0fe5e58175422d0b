import { defineConfig } from 'vitest/config';

// `npm run test:long` runs the kit's own tests and these, which are long or drive a browser. Some of these by hand:
// npx vitest run --config test/long/vitest.config.ts jupyterlab
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/kit/**/*.test.ts', 'test/long/**/*.test.ts'],
    exclude: process.env.LAB_TEST_CONTAINERS ? [] : ['test/kit/**/*.containers.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
  },
});
