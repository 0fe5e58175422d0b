import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { Environment } from '../../../kit/judge/environment.ts';
import { labControls } from '../../../kit/judge/lab-processes.ts';
import { TimeLimit } from '../../../kit/judge/time-limit.ts';
import { openServers } from '../../../kit/servers/open-servers.ts';
import type { Servers } from '../../../kit/servers/servers.ts';

/** A submission of a test file's own, in an environment that is reset before each test. */
export interface LabOfCode<T> {
  /** The controls that a check has of it; of another file where one is given. */
  oneCheck(file?: string): ReturnType<typeof labControls<T>>;
  /** Where it is judged, there from the first test on. */
  environment(): Environment;
  /** Ends what a check began with, as before the next one. */
  reset(): Promise<void>;
  /** A second submission with the same code. @returns its path */
  secondFile(): Promise<string>;
}

/**
 * Opens servers and an environment for the tests of a file, and closes them after the last.
 *
 * @param name unique to the test file: letters, digits and `_`.
 * @param code the TypeScript that is judged.
 * @example const { oneCheck } = labOfCode<{ ping(ctx: unknown): Promise<string> }>('pinged', code);
 * await oneCheck().lab.ping();
 */
export function labOfCode<T>(name: string, code: string): LabOfCode<T> {
  let servers: Servers;
  let environment: Environment;
  let folder: string;
  const write = async (base: string) => {
    const file = join(folder, base);
    await writeFile(file, code);
    return file;
  };
  let source: string;
  beforeAll(async () => {
    servers = await openServers();
    environment = await Environment.open(servers, `${name}_${process.pid}`);
    folder = await mkdtemp(join(tmpdir(), 'storelab-test-'));
    source = await write('first.ts');
  });
  beforeEach(() => environment.reset());
  afterAll(async () => {
    await environment?.close();
    await servers?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });
  return {
    oneCheck: (file = source) =>
      labControls<T>(environment, { source: file, labId: '01-initial-sync', time: new TimeLimit() }),
    environment: () => environment,
    reset: () => environment.reset(),
    secondFile: () => write('second.ts'),
  };
}
