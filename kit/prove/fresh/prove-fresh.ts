import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '../../base/root.ts';
import type { Claim } from '../claim.ts';
import { type BareMachine, startBareMachine } from './bare-machine.ts';
import { baseTree } from './base-tree.ts';
import type { FreshMachine } from './fresh-machine.ts';
import { type Before, lookBefore, whatIsLeft } from './left.ts';
import { proveStart } from './prove-start.ts';
import { proveTest } from './prove-test.ts';
import { removeTree } from './remove-tree.ts';
import { CLONE, runTree, uncommitted } from './run-tree.ts';
import { freshEnv } from './settings.ts';

/** README's two commands. */
export type FreshPart = 'start' | 'test';

export const isFreshPart = (name: string): name is FreshPart => name === 'start' || name === 'test';

export interface FreshOptions {
  parts: readonly FreshPart[];
  signal: AbortSignal;
  /** Hears what goes on. */
  say(text: string): void;
}

const proofs: Record<FreshPart, (fresh: FreshMachine) => Promise<Claim[]>> = {
  start: proveStart,
  test: proveTest,
};

/**
 * Runs README's commands as somebody does who has just cloned the project: each in a bare Debian of its own, in a clone of
 * this checkout's last commit, and says what each left there.
 *
 * @throws where this account is not root, or this is no Debian
 */
export async function proveFresh({ parts, signal, say }: FreshOptions): Promise<Claim[]> {
  if (process.getuid?.() !== 0)
    throw new Error(
      './lab test --fresh makes a machine of its own, which takes root: sudo ./lab test --fresh',
    );
  const changed = await uncommitted();
  if (changed) say(changed);
  const base = await baseTree({ signal, tell: say });
  const claims: Claim[] = [];
  for (const part of parts) claims.push(...(await proveOne(part, base, { signal, say })));
  return claims;
}

async function proveOne(
  part: FreshPart,
  base: string,
  { signal, say }: Omit<FreshOptions, 'parts'>,
): Promise<Claim[]> {
  say(`npm ${part}: copying the bare Debian`);
  const tree = await runTree(base, part, { signal });
  const before = lookBefore(tree);
  mkdirSync(join(rootFolder(), '.lab'), { recursive: true });
  const log = createWriteStream(join(rootFolder(), '.lab', `fresh-${part}.log`));
  const lines: string[] = [];
  const onLine = (line: string) => {
    lines.push(line);
    log.write(`${line}\n`);
    say(line);
  };
  const machine = await startBareMachine(tree);
  const stop = () => void machine.close();
  signal.addEventListener('abort', stop);
  try {
    const options = { cwd: CLONE, env: freshEnv(), onLine };
    const claims = await proofs[part]({ machine, options, lines, signal });
    signal.throwIfAborted();
    return [...claims, ...(await clean(part, machine)), ...(await leftBy(part, before))];
  } finally {
    signal.removeEventListener('abort', stop);
    await machine.close();
    log.end();
    await removeTree(tree);
    rmSync(before.mark, { force: true });
  }
}

async function clean(part: FreshPart, machine: BareMachine): Promise<Claim[]> {
  const processes = machine.processes();
  const shared: string[] = [];
  // A file system of the machine's own memory, not of its folder.
  const look = 'find /dev/shm -mindepth 1';
  await machine.start(look, { env: freshEnv(), onLine: (line) => shared.push(line) }).ended;
  return [
    {
      name: `npm ${part} leaves no process behind`,
      holds: processes.length === 0,
      detail: processes.join('\n'),
    },
    {
      name: `npm ${part} leaves no shared memory behind`,
      holds: shared.length === 0,
      detail: shared.join('\n'),
    },
  ];
}

async function leftBy(part: FreshPart, before: Before): Promise<Claim[]> {
  const { temporary, packages, others } = await whatIsLeft(before);
  const seen = `packages: ${packages.join(' ') || 'none'}; files: ${others.join(', ') || 'none'}`;
  return [
    {
      name: `npm ${part} leaves no temporary file behind`,
      holds: temporary.length === 0,
      detail: temporary.slice(0, 40).join('\n'),
    },
    { name: `npm ${part} left outside of the clone`, holds: true, detail: seen },
  ];
}
