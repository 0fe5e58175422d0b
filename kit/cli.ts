import { existsSync } from 'node:fs';
import { Command } from 'commander';

/** What a file of `kit/commands` exports. */
interface CommandFile {
  register(program: Command): void;
}

/** The commands, in the order in which `./lab --help` lists them: one file each in `kit/commands`. */
const commands = [
  'list',
  'run',
  'start',
  'serve',
  'check',
  'hint',
  'answer',
  'answers',
  'data',
  'redis',
  'mysql',
  'stats',
  'test',
  'types',
  'lint',
  'new',
  'mutate',
  'grade',
  'attack',
  'bench',
  'release',
];

/** `./lab` lists the labs, `./lab 01` runs one; every other first word is a command's name. */
function withCommandName(args: string[]): string[] {
  if (args.length === 0) return ['list'];
  return /^\d/.test(args[0]!) ? ['run', ...args] : args;
}

async function load(name: string): Promise<CommandFile | undefined> {
  const file = new URL(`./commands/${name}.ts`, import.meta.url);
  return existsSync(file) ? ((await import(file.href)) as CommandFile) : undefined;
}

async function main(args: string[]): Promise<void> {
  const program = new Command('lab')
    .description('Learn Redis caching in front of MySQL. `./lab` lists the labs, `./lab 01` starts one.')
    .showHelpAfterError('(./lab --help lists the commands)');
  const words = withCommandName(args);
  // `./lab check` must not pay for what `./lab start` imports: only the command asked for is loaded.
  const wanted = commands.includes(words[0]!) ? [words[0]!] : commands;
  for (const name of wanted) {
    const file = await load(name);
    if (!file && wanted.length === 1)
      throw new Error(
        `./lab ${name} is a teacher's, and not part of this edition. ./lab --help lists what is.`,
      );
    file?.register(program);
  }
  await program.parseAsync(words, { from: 'user' });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  // A person gets the sentence; `STORELAB_DEBUG=1` adds the trace.
  const { message, stack } = error as Error;
  console.error(process.env.STORELAB_DEBUG ? stack : message);
  process.exitCode = 1;
}
