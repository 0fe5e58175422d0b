import { tmpdir } from 'node:os';
import { bindSource } from './bind-source.ts';
import { type RunnerFiles, type RunnerProgram, runnerEnv, type Start } from './isolation.ts';
import { findPrlimit, limited } from './limits.ts';
import { commonFlags, permissionFlags } from './node-flags.ts';

/**
 * How a runner starts behind Node's own permission model and the limits alone. `LAB_ALONE` has it fence itself in
 * (`fence.ts`): no connection but to its taps, no module of Node's that no lab needs. Where the judge is root it is at
 * least another user, who cannot end the judge.
 */
export function startWithPermissions(
  program: RunnerProgram,
  { files, user }: { files: RunnerFiles; user: number | undefined },
): Start {
  const at = (file: string) => (user === undefined ? file : bindSource(file));
  const lab = at(files.lab);
  // Not from the snapshot of a heap: a Node that starts from one lets files be read that were not allowed.
  const parts = [program.start, program.runner, program.code].map(at);
  const node = [
    at(process.execPath),
    ...commonFlags,
    ...permissionFlags({ read: [...parts, lab], threads: true }),
    ...parts,
  ];
  // An ordinary user's other processes would count against the limit of 64; no process can be started in any case.
  const [file, ...args] = limited(node, { nproc: user !== undefined, prlimit: findPrlimit() });
  return {
    file: file!,
    args,
    cwd: user === undefined ? tmpdir() : '/',
    env: { ...runnerEnv, LAB_ALONE: '1' },
    ...(user === undefined ? {} : { user }),
    inside: { ...files, lab },
    above: 0,
  };
}
