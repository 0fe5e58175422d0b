import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa, type ResultPromise } from 'execa';
import { portIsFree } from '../../../kit/setup/port.ts';
import type { ProjectCopy } from './project-copy.ts';

/** A `./lab start` that has printed its address. */
export interface RunningLab {
  /** With JupyterLab's token, at the first notebook. */
  url: string;
  child: ResultPromise;
}

/** Starts the kit as a learner does, but for the browser; JupyterLab draws every cell, not only those in sight. */
export async function startLab({ root, temporary }: ProjectCopy): Promise<RunningLab> {
  const settings = join(root, '.lab/jupyter/config/lab/user-settings/@jupyterlab/notebook-extension');
  await mkdir(settings, { recursive: true });
  await writeFile(join(settings, 'tracker.jupyterlab-settings'), '{ "windowingMode": "none" }');
  let port = 20_000 + (process.pid % 20_000);
  while (!(await portIsFree(port))) port++;
  const child = execa(join(root, 'lab'), ['start', '--no-browser', '--port', String(port)], {
    cwd: root,
    stdin: 'ignore',
    reject: false,
    all: true,
    env: {
      TMPDIR: temporary,
      STORELAB_ROOT: undefined,
      LABS: undefined,
      NO_COLOR: '1',
      npm_lifecycle_event: undefined,
    },
  });
  const url = await new Promise<string>((resolve, reject) => {
    let seen = '';
    child.all?.on('data', (text) => {
      seen += text;
      const found = /http:\/\/127\.0\.0\.1:\d+\/\S+token=\w+(?=\s)/.exec(seen);
      if (found) resolve(found[0]);
    });
    child.all?.once('end', () => reject(new Error(`./lab start ended without an address:\n${seen}`)));
  });
  return { url, child };
}
