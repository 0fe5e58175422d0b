import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { rootFolder } from '../base/root.ts';

/** `./lab bench` lists what can be measured; `./lab bench promise` measures it: a file of `bench/`, in a process of its own. */
export function register(program: Command): void {
  program
    .command('bench')
    .description('what the kit promises of speed and memory, measured: ./lab bench promise')
    .argument('[name]')
    .argument('[words...]', 'as the bench takes them: sizes, rounds')
    .action(bench);
}

async function bench(name: string | undefined, words: string[]): Promise<void> {
  const folder = join(rootFolder(), 'bench');
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length));
  if (name === undefined) {
    const width = Math.max(...names.map(({ length }) => length));
    for (const one of names) console.log(`  ${one.padEnd(width)}  ${about(join(folder, `${one}.ts`))}`);
    return;
  }
  if (!names.includes(name)) throw new Error(`There is no bench "${name}": ${names.join(', ')}.`);
  const child = spawn(process.execPath, [join(folder, `${name}.ts`), ...words], {
    stdio: 'inherit',
    cwd: rootFolder(),
  });
  // Ctrl-C reaches both; the bench closes its servers first.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 130;
}

/** Its first comment, which says in a line what it measures. */
const about = (file: string): string => /^(?:\/\/| \*) (.*)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
