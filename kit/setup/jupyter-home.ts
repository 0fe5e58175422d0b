import { mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { pythonEnv } from './python.ts';

/**
 * The environment in which Jupyter sees the project alone: its kernel, its settings, its state in `.lab/jupyter`.
 * The person's own ~/.jupyter stays out, and what npm leaves in the environment of its scripts goes.
 *
 * @param runtime folder for connection files and the like, gone with the server
 * @example execa(python, ['-m', 'jupyterlab'], { env: jupyterEnv(rootFolder(), { runtime }), extendEnv: false })
 */
export function jupyterEnv(root: string, { runtime }: { runtime: string }): Record<string, string> {
  const home = join(root, '.lab', 'jupyter');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const env: Record<string, string | undefined> = {
    ...process.env,
    ...pythonEnv,
    STORELAB_ROOT: root,
    // The kernel, and a terminal in JupyterLab, find the Node that this runs on.
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    JUPYTER_PATH: join(root, '.jupyter'),
    JUPYTER_CONFIG_PATH: join(root, '.jupyter', 'config'),
    JUPYTER_CONFIG_DIR: join(home, 'config'),
    JUPYTER_DATA_DIR: join(home, 'data'),
    JUPYTER_RUNTIME_DIR: runtime,
    JUPYTERLAB_SETTINGS_DIR: undefined,
    JUPYTERLAB_WORKSPACES_DIR: undefined,
    JUPYTER_TOKEN: undefined,
    JUPYTER_NO_CONFIG: undefined,
    IPYTHONDIR: join(home, 'ipython'),
    INIT_CWD: undefined,
  };
  const kept = Object.entries(env).filter(([name, value]) => value !== undefined && !name.startsWith('npm_'));
  return Object.fromEntries(kept) as Record<string, string>;
}
