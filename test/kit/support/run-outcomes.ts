// needs: answers, lab 01
import { join } from 'node:path';
import { rootFolder } from '../../../kit/base/root.ts';
import { WorkerProcess } from '../../../kit/judge/queue/worker-process.ts';
import { runChecks } from '../../../kit/judge/run-checks.ts';
import { findSubmission } from '../../../kit/judge/submission.ts';
import { openServers } from '../../../kit/servers/open-servers.ts';

/** Judges the worked answer by `outcomes.check.ts` and prints the result as JSON. */
const file = join(rootFolder(), 'test', 'kit', 'support', 'outcomes.check.ts');
const servers = await openServers({ source: 'local' });
const [result] = await runChecks({
  servers,
  submissions: [findSubmission('answers')],
  labs: ['01-initial-sync'],
  seed: 1,
  newWorker: () => new WorkerProcess({ '01-initial-sync': [file] }),
});
await servers.close();
console.log(JSON.stringify(result));
process.exit(0);
