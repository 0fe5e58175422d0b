// needs: answers, lab 01
import { join } from 'node:path';
import { rootFolder } from '../../../kit/base/root.ts';
import { WorkerProcess } from '../../../kit/judge/queue/worker-process.ts';
import { runChecks } from '../../../kit/judge/run-checks.ts';
import { findSubmission } from '../../../kit/judge/submission.ts';
import { openServers } from '../../../kit/servers/open-servers.ts';

/** Judges the worked answer three times, by three workers, with `alone.check.ts`, and prints the results as JSON. */
const file = join(rootFolder(), 'test', 'kit', 'support', 'alone.check.ts');
const servers = await openServers({ source: 'local' });
const results = await runChecks({
  servers,
  submissions: Array.from({ length: 3 }, () => findSubmission('answers')),
  labs: ['01-initial-sync'],
  seed: 1,
  jobs: 3,
  newWorker: () => new WorkerProcess({ '01-initial-sync': [file] }),
});
await servers.close();
console.log(JSON.stringify(results));
process.exit(0);
