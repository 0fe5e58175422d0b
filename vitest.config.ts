import { defineConfig } from 'vitest/config';

// `npx vitest run test/01-initial-sync.test.ts` judges labs/ (or LABS=answers, or a folder); `npm test` runs it all.
export default defineConfig({
  test: {
    include: ['test/*.test.ts'],
    globalSetup: ['kit/judge/vitest-setup.ts'],
    setupFiles: ['kit/judge/vitest-checks.ts'],
    pool: 'forks',
    isolate: false,
    maxWorkers: 1,
    teardownTimeout: 10_000,
  },
});
