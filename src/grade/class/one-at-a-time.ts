import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../is-alive.ts';

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
  for (;;) {
    try {
      writeFileSync(file, `${process.pid}`, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const other = Number(readFileSync(file, 'utf8'));
    if (other > 0 && other !== process.pid && isAlive(other)) {
      throw new GradedElsewhere(
        `Process ${other} grades into ${folder} right now. Wait for it, stop it, or give another --out.`,
      );
    }
    rmSync(file, { force: true });
  }
}
