import { startVitest } from 'vitest/node';
import { CheckReporter } from '../../../src/grade/reporter.ts';
import { findSubmission } from '../../../src/grade/submission.ts';
import { rootFolder } from '../../../src/root.ts';
import { openServers } from '../../../src/servers/open.ts';
import '../../../src/grade/provided.ts';

/** Runs `outcomes.check.ts` and prints what the reporter collected, as JSON. */
const servers = await openServers({ source: 'local' });
const reporter = new CheckReporter();
const vitest = await startVitest([], {
  config: false,
  root: rootFolder(),
  watch: false,
  reporters: [reporter],
  include: ['test/kit/support/outcomes.check.ts'],
  provide: {
    servers: servers.describe(),
    submissions: [{ index: 0, submission: findSubmission('answers') }],
    seed: 1,
  },
  pool: 'forks',
  maxWorkers: 1,
});
await vitest.close();
await servers.close();
console.log(JSON.stringify([...reporter.collected.values()]));
process.exit(0);
