import type { TestProject } from 'vitest/node';
import { useServers } from '../servers/use.ts';
import { dropGenerated } from './generated.ts';
import { newSeed } from './seed.ts';
import { findSubmission } from './submission.ts';
import './provided.ts';

/**
 * What `npx vitest` runs first: opens the servers (or finds those of a running `npm start`), reads `LABS` and
 * `LAB_SEED`, and hands all three to the workers.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = await useServers({ onStep: (sentence) => console.log(sentence) });
  const submission = findSubmission(process.env.LABS);
  const seed = Number(process.env.LAB_SEED) || newSeed();
  console.log(`storelab: judging ${submission.name} with seed ${seed}`);
  project.provide('servers', servers.describe());
  project.provide('submission', submission);
  project.provide('seed', seed);
  return async () => {
    await dropGenerated(servers, seed);
    await servers.close();
  };
}
