// needs: lab 01
import { join } from 'node:path';
import { rootFolder } from '../../../kit/base/root.ts';
import { WorkerProcess } from '../../../kit/judge/queue/worker-process.ts';
import { runChecks } from '../../../kit/judge/run-checks.ts';
import { attachServers } from '../../../kit/servers/attach.ts';

/** Judges the file in argv[2] by `workers.check.ts` again and again, on the servers in `SERVERS`, and prints each result. */
const path = process.argv[2]!;
const file = join(rootFolder(), 'test', 'kit', 'support', 'workers.check.ts');
await runChecks({
  servers: await attachServers(JSON.parse(process.env.SERVERS!)),
  submissions: Array.from({ length: 10_000 }, () => ({ name: 'again', path })),
  labs: ['01-initial-sync'],
  jobs: 2,
  seed: 1,
  newWorker: () => new WorkerProcess({ '01-initial-sync': [file] }),
  onResult: ({ outcome }) => console.log(outcome),
});
