import { chmod, chown } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { IsolationLevel } from '../class/class-result.ts';
import { startInBubblewrap } from './bubblewrap.ts';
import type { FoundIsolation, RunnerFiles, RunnerProgram } from './isolation.ts';
import { startWithPermissions } from './permissions-alone.ts';
import { lookForBubblewrap } from './probe.ts';
import { openToAll, runnerUser } from './user.ts';

export interface FindOptions {
  /** Go no further than this level, to try a lower one; `LAB_ISOLATION=1` does the same. */
  most?: IsolationLevel;
}

const found = new Map<IsolationLevel, Promise<FoundIsolation>>();

/**
 * The highest level of isolation that this machine gives, tried out by really starting something at it, once for each
 * process. Level 2, a container, is not built: where bubblewrap cannot be had, level 1 follows.
 *
 * @example (await findIsolation()).sentence // 'level 3: bubblewrap 0.8.0, all namespaces, as user 1900001234'
 */
export function findIsolation({ most = fromEnvironment() }: FindOptions = {}): Promise<FoundIsolation> {
  let one = found.get(most);
  if (!one) {
    one = look(most);
    found.set(most, one);
  }
  return one;
}

const fromEnvironment = (): IsolationLevel => (process.env.LAB_ISOLATION === '1' ? 1 : 3);

async function look(most: IsolationLevel): Promise<FoundIsolation> {
  // Where others may not enter the folder of the sockets, a runner can only be the judge's own user.
  const user = openToAll(tmpdir()) ? runnerUser() : undefined;
  const admit = (folder: string, sockets: readonly string[]) => letIn(user, folder, sockets);
  const permissions = (why: string): FoundIsolation => ({
    level: 1,
    sentence: `level 1: Node's permission model and limits alone${whom(user)}. ${why}`,
    start: (program: RunnerProgram, files: RunnerFiles) => startWithPermissions(program, { files, user }),
    admit,
  });
  if (most < 3) return permissions('No more was asked for.');
  if (user === undefined && process.getuid?.() === 0) {
    return permissions(
      `Level 3 needs a temporary folder that others may enter: run it with TMPDIR=/tmp, as ${tmpdir()} is closed.`,
    );
  }
  const bubblewrap = await lookForBubblewrap(user);
  if ('missing' in bubblewrap) return permissions(bubblewrap.missing);
  return {
    level: 3,
    sentence: `level 3: bubblewrap ${bubblewrap.version}, all namespaces${whom(user)}`,
    start: (program: RunnerProgram, files: RunnerFiles) =>
      startInBubblewrap(bubblewrap, program, { files, user }),
    admit,
  };
}

const whom = (user: number | undefined): string =>
  user === undefined ? ", as the judge's own user" : `, as user ${user}`;

async function letIn(user: number | undefined, folder: string, sockets: readonly string[]): Promise<void> {
  if (user === undefined) return;
  // The group of the runner's user has no other member: it may pass through the folder and talk, and nothing else.
  await chown(folder, 0, user);
  await chmod(folder, 0o710);
  for (const socket of sockets) {
    await chown(socket, 0, user);
    await chmod(socket, 0o660);
  }
}

/** Grading was asked for at a level that this machine does not reach. */
export class IsolationTooLow extends Error {
  override name = 'IsolationTooLow';
}

/**
 * The isolation found, or an error where it is below `level`: what `--require-isolation` does.
 *
 * @throws IsolationTooLow, which says how far this machine goes and what to install.
 */
export async function requireIsolation(level: number, options: FindOptions = {}): Promise<FoundIsolation> {
  if (![1, 2, 3].includes(level)) {
    throw new IsolationTooLow(`There is no isolation level ${level}: --require-isolation takes 1, 2 or 3.`);
  }
  const isolation = await findIsolation(options);
  if (isolation.level >= level) return isolation;
  throw new IsolationTooLow(
    `Isolation level ${level} was required, and this machine reaches ${isolation.sentence} Nothing was graded.`,
  );
}
