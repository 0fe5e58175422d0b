import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { takePidFile } from '../base/pid-file.ts';

/** Thrown where another process grades into the same folder. */
export class GradedElsewhere extends Error {
  override name = 'GradedElsewhere';
}

/**
 * Takes a folder for this process alone. One whose process is gone, killed for instance, is free.
 *
 * @returns what gives it back.
 * @throws GradedElsewhere
 */
export function oneAtATime(folder: string): () => void {
  const file = join(folder, 'pid');
  mkdirSync(folder, { recursive: true });
  const other = takePidFile(file);
  // This very process: the id of one that was killed came round again.
  if (other !== undefined && other !== process.pid) {
    throw new GradedElsewhere(
      `Process ${other} grades into ${folder} right now. Wait for it, stop it, or give another --out.`,
    );
  }
  return () => rmSync(file, { force: true });
}
