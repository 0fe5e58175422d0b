import { rmdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAlive } from '../base/is-alive.ts';

/** Where an edition is built: beside the folder that it becomes, so that a rename puts it there. */
export interface WorkFolder {
  /** Absolute; it does not exist yet. */
  work: string;
  /** Removes it, and the folders above it that had to be made. */
  clear(): void;
}

/** Makes the folders above `folder`, and removes what a killed run for the same folder has left beside it. */
export async function workFolder(folder: string): Promise<WorkFolder> {
  const [parent, name] = [dirname(folder), basename(folder)];
  const made = await mkdir(parent, { recursive: true });
  for (const entry of await readdir(parent)) {
    const pid = entry.startsWith(`.${name}.`) && /^(\d+)\.part$/.exec(entry.slice(name.length + 2))?.[1];
    if (pid && !isAlive(Number(pid))) await rm(join(parent, entry), { recursive: true, force: true });
  }
  const work = join(parent, `.${name}.${process.pid}.part`);
  return { work, clear: () => clear({ work, parent, made }) };
}

function clear({ work, parent, made }: { work: string; parent: string; made: string | undefined }): void {
  // The git of an interrupted run may put a file there between the look at what is in it and its removal.
  rmSync(work, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  if (made === undefined) return;
  try {
    for (let folder = parent; folder.startsWith(made); folder = dirname(folder)) rmdirSync(folder);
  } catch {
    // Somebody else uses it by now.
  }
}
