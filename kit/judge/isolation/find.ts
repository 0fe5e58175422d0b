import { chmod, chown } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { IsolationLevel } from '../manifest.ts';
import { startInBubblewrap } from './bubblewrap.ts';
import { startInContainer } from './container.ts';
import { lookForContainers } from './container-probe.ts';
import type { FoundIsolation } from './isolation.ts';
import { startWithPermissions } from './permissions-alone.ts';
import { lookForBubblewrap } from './probe.ts';
import { containerUser, openToAll, runnerUser } from './user.ts';

export interface FindOptions {
  /** Go no further than this level, to try a lower one; `LAB_ISOLATION=1` and `LAB_ISOLATION=2` do the same. */
  most?: IsolationLevel;
}

const found = new Map<IsolationLevel, Promise<FoundIsolation>>();

/**
 * The highest level of isolation that this machine gives, tried out by really starting something at it, once for each
 * process: bubblewrap; where that cannot be had, a container; else Node's permission model and limits alone.
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

const fromEnvironment = (): IsolationLevel => {
  const asked = Number(process.env.LAB_ISOLATION);
  return asked === 1 || asked === 2 ? asked : 3;
};

async function look(most: IsolationLevel): Promise<FoundIsolation> {
  // Where others may not enter the folder of the sockets, a runner can only be the judge's own user.
  const user = openToAll(tmpdir()) ? runnerUser() : undefined;
  const why = [];
  if (most === 3) {
    const found = await inBubblewrap(user);
    if (typeof found !== 'string') return found;
    why.push(found);
  } else why.push(most === 1 ? 'No more was asked for.' : 'No more than level 2 was asked for.');
  if (most >= 2) {
    const found = await inContainers();
    if (typeof found !== 'string') return found;
    why.push(found);
  }
  return {
    level: 1,
    sentence: `level 1: Node's permission model and limits alone${whom(user)}. ${why.join(' ')}`,
    start: (program, files) => startWithPermissions(program, { files, user }),
    admit: (folder, sockets) => letIn(user, folder, sockets),
  };
}

/** Level 3, or a sentence that says what keeps this machine from it. */
async function inBubblewrap(user: number | undefined): Promise<FoundIsolation | string> {
  if (user === undefined && process.getuid?.() === 0) {
    return `Level 3 needs a temporary folder that others may enter: run it with TMPDIR=/tmp, as ${tmpdir()} is closed.`;
  }
  const bubblewrap = await lookForBubblewrap(user);
  if ('missing' in bubblewrap) return bubblewrap.missing;
  return {
    level: 3,
    sentence: `level 3: bubblewrap ${bubblewrap.version}, all namespaces${whom(user)}`,
    start: (program, files) => startInBubblewrap(bubblewrap, program, { files, user }),
    admit: (folder, sockets) => letIn(user, folder, sockets),
  };
}

/** Level 2, or a sentence that says what keeps this machine from it. */
async function inContainers(): Promise<FoundIsolation | string> {
  const containers = await lookForContainers();
  if ('missing' in containers) return containers.missing;
  return {
    level: 2,
    sentence: `level 2: a container without network (Docker ${containers.version})${whom(containerUser())}`,
    start: (program, files) => startInContainer(containers, program, { files }),
    // Only who gets a socket put before him can talk to it: the folder stays closed to all others.
    admit: async (_folder, sockets) => {
      for (const socket of sockets) await chmod(socket, 0o666);
    },
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
