import { defineConfig, mergeConfig } from 'vitest/config';
import kit from '../kit/vitest.config.ts';

// `npm run test:long` runs the kit's own tests and these, which are long or drive a browser. Some of these by hand:
// npx vitest run --config test/long/vitest.config.ts jupyterlab
export default mergeConfig(kit, defineConfig({ test: { include: ['test/long/**/*.test.ts'] } }));
