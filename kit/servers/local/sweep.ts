import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ListedProcess, processes } from '../../base/processes.ts';
import { isAnswering } from './is-answering.ts';

/** The name of a folder that a keeper keeps: it is for nobody else. */
const kept = /^storelab-[0-9a-f]{12}$/;

/** A name for a new folder that a keeper will keep. @example keptName() // 'storelab-0a1b2c3d4e5f' */
export const keptName = (): string => `storelab-${randomBytes(6).toString('hex')}`;

/**
 * Removes what keepers left behind that were killed with their owners (keeper.sh): folders that no keeper keeps, and the
 * processes that name them. Only what this user owns.
 *
 * @returns the folders that were removed.
 * @throws Error where the system does not tell which processes there are.
 */
export async function sweepKept(parents: readonly string[] = ['/tmp', tmpdir()]): Promise<string[]> {
  const folders = [...new Set(parents)].flatMap(ownFolders);
  if (folders.length === 0) return [];
  // After the folders: a keeper is there before its folder is.
  const all = processes();
  const swept = await Promise.all(folders.map((folder) => sweep(folder, all)));
  return folders.filter((_, i) => swept[i]);
}

function ownFolders(parent: string): string[] {
  return namesIn(parent)
    .filter((name) => kept.test(name))
    .map((name) => join(parent, name))
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.());
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // it is not there, or went meanwhile
  }
}

async function sweep(folder: string, all: readonly ListedProcess[]): Promise<boolean> {
  if (all.some(({ args }) => args.includes(`keeper.sh ${folder}`))) return false;
  const left = all.filter(({ args }) => args.includes(`${folder}/`));
  // A server that answers and is not among these processes runs in another container, with a keeper that nobody sees here.
  if (left.length === 0 && (await someAnswer(folder))) return false;
  for (const { pid } of left) end(pid);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  return true;
}

async function someAnswer(folder: string): Promise<boolean> {
  const sockets = namesIn(folder).filter((name) => name.endsWith('.sock'));
  return (await Promise.all(sockets.map((name) => isAnswering(join(folder, name))))).includes(true);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended
  }
}
