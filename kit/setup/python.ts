import { SetupFailed } from './failure.ts';
import { run } from './run-program.ts';

/** A Python that runs, and is new enough for JupyterLab 4. */
export interface Python {
  /** The command, as found on PATH: `python3`. */
  command: string;
  /** `3.13.5` */
  version: string;
  /** Whether it can make virtual environments with pip in them; Debian packs that apart (`python3-venv`). */
  venv: boolean;
}

const candidates = [
  'python3',
  'python3.14',
  'python3.13',
  'python3.12',
  'python3.11',
  'python3.10',
  'python',
];

const probe = `
import sys
print('%d.%d.%d' % sys.version_info[:3])
try:
    import ensurepip, venv
    print('venv')
except ImportError:
    print('bare')
`;

/** The environment of a Python of our own: no settings of the person's that would lead pip or imports elsewhere. */
export const pythonEnv: Record<string, string | undefined> = {
  PYTHONHOME: undefined,
  PYTHONPATH: undefined,
  PIP_USER: '0',
  PIP_TARGET: undefined,
  PIP_PREFIX: undefined,
  PIP_REQUIRE_VIRTUALENV: undefined,
};

/**
 * Python 3.10 or newer on PATH; one that can make environments is preferred to one that cannot.
 *
 * @throws SetupFailed `no-python` where there is none.
 * @example await findPython() // { command: 'python3', version: '3.13.5', venv: false }
 */
export async function findPython({ signal }: { signal?: AbortSignal } = {}): Promise<Python> {
  let bare: Python | undefined;
  let tooOld: string | undefined;
  for (const command of candidates) {
    const { ok, output } = await run(command, ['-c', probe], { signal, env: pythonEnv });
    const found = ok && /^(\d+)\.(\d+)\.\d+\s+(venv|bare)\s*$/.exec(output);
    if (!found) continue;
    const version = output.split('\n')[0]!.trim();
    if (Number(found[1]) < 3 || Number(found[2]) < 10) tooOld ??= version;
    else if (found[3] === 'venv') return { command, version, venv: true };
    else bare ??= { command, version, venv: false };
  }
  if (bare) return bare;
  const how = process.platform === 'darwin' ? 'brew install python' : 'sudo apt install python3 python3-venv';
  throw new SetupFailed(
    'no-python',
    `${tooOld ? `Python ${tooOld} is too old` : 'Python is missing'}: JupyterLab needs Python 3.10 or newer. Install it:  ${how}  then run this again.`,
  );
}
