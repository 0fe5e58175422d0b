import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';

/** Writes a file as a whole or not at all, so that two processes may write the same one and a reader sees either. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const own = `${path}.${randomUUID()}`;
  try {
    await writeFile(own, text);
    await rename(own, path);
  } catch (error) {
    await rm(own, { force: true });
    throw error;
  }
}
