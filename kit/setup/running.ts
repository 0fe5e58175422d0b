import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A `./lab start` that runs. */
export interface Running {
  pid: number;
  /** JupyterLab's address, with its token. */
  url: string;
  page: string;
}

const fileOf = (root: string) => join(root, '.lab', 'start.json');

/** Remembers this start, for a second one in the same checkout. The file holds the token: for its owner alone. */
export function rememberStart(root: string, start: Running): void {
  rmSync(fileOf(root), { force: true });
  writeFileSync(fileOf(root), JSON.stringify(start), { mode: 0o600 });
}

export function forgetStart(root: string): void {
  rmSync(fileOf(root), { force: true });
}

/** The start that runs in this checkout already: its JupyterLab answers to its token. */
export async function findRunning(root: string): Promise<Running | undefined> {
  try {
    const running = JSON.parse(readFileSync(fileOf(root), 'utf8')) as Running;
    const { origin, searchParams } = new URL(running.url);
    const answer = await fetch(`${origin}/api/status`, {
      headers: { authorization: `token ${searchParams.get('token')}` },
      signal: AbortSignal.timeout(3000),
    });
    return answer.ok ? running : undefined;
  } catch {
    return undefined;
  }
}
