import type { Command } from 'commander';
import type { StartOptions } from '../setup/start.ts';

/** `./lab start`: sets up what is missing and opens JupyterLab at the first notebook. */
export function register(program: Command): void {
  program
    .command('start')
    .description('set up what is missing, start the servers and open JupyterLab at the first notebook')
    .option('--no-browser', 'print the address only')
    .option('--port <number>', 'port of JupyterLab (8888, or the next free one)', Number)
    .option('--yes', 'install system packages without asking')
    .action(async (options: StartOptions) => {
      const { start } = await import('../setup/start.ts');
      const { sentenceFor } = await import('../setup/failure.ts');
      const code = await start(options).catch((error: unknown) => {
        throw sentenceFor(error);
      });
      process.exit(code);
    });
}
