import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '../../servers/local/binaries.ts';
import { type Bubblewrap, startInBubblewrap } from './bubblewrap.ts';
import { libraries } from './libraries.ts';
import { findPrlimit } from './limits.ts';

const run = promisify(execFile);

/** Bubblewrap as it works here, or a sentence with what is missing and the next command. */
export type BubblewrapProbe = (Bubblewrap & { version: string }) | { missing: string };

const install = 'install it with `sudo apt install bubblewrap`, or run `./lab start`, which does';

/**
 * Starts Node in bubblewrap exactly as a runner starts, as this user or as the process's own.
 *
 * @example await lookForBubblewrap(undefined) // { missing: 'Level 3 needs bubblewrap: install it with ...' }
 */
export async function lookForBubblewrap(user: number | undefined): Promise<BubblewrapProbe> {
  if (process.platform !== 'linux') return { missing: 'Level 3 needs bubblewrap, which only Linux has.' };
  const path = findProgram(['bwrap']);
  if (!path) return { missing: `Level 3 needs bubblewrap: ${install}.` };
  const prlimit = findPrlimit();
  if (!prlimit) return { missing: 'Level 3 needs prlimit: install it with `sudo apt install util-linux`.' };
  try {
    const [{ stdout: version }, { stdout: help }, found] = await Promise.all([
      run(path, ['--version']),
      run(path, ['--help']),
      libraries([process.execPath, prlimit]),
    ]);
    const has = new Set(['--size', '--disable-userns'].filter((option) => help.includes(option)));
    const bubblewrap = { path, prlimit, libraries: found, has, version: version.trim().split(' ').at(-1)! };
    await tryOut(bubblewrap, user);
    return bubblewrap;
  } catch (error) {
    return { missing: refusal(error as Error & { stderr?: string }) };
  }
}

async function tryOut(bubblewrap: Bubblewrap, user: number | undefined): Promise<void> {
  // Any file does in place of the runner's: Node only says that it came up.
  const any = bubblewrap.prlimit;
  const program = { start: any, runner: any, code: any };
  const { file, args, env, cwd } = startInBubblewrap(bubblewrap, program, { files: { lab: any }, user });
  const whom = user === undefined ? {} : { uid: user, gid: user };
  const said = await run(file, [...args.slice(0, -3), '-p', 'process.pid'], { env, cwd, ...whom });
  if (said.stdout.trim() !== '2') throw new Error(`it is process ${said.stdout.trim()} of its world, not 2`);
}

function refusal({ message, stderr }: Error & { stderr?: string }): string {
  const said = (stderr || message).trim().split('\n').at(-1)!.slice(0, 200);
  const why = `Level 3 was tried, and bubblewrap said: ${said}.`;
  if (/namespace|uid map|Operation not permitted|Permission denied/i.test(said)) {
    return `${why} This system keeps user namespaces from users: \`sudo sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000\` (on Ubuntu also kernel.apparmor_restrict_unprivileged_userns=0) allows them; inside a container, start that with more rights.`;
  }
  return why;
}
